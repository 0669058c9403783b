"""The baseline levels of ETSI EN 319 142-1, as far as anyone may claim them."""

from enum import StrEnum


class Level(StrEnum):
    """What a signature proves beyond itself."""

    NOT_PADES = "not PAdES"
    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"
    B_LTA = "B-LTA"
