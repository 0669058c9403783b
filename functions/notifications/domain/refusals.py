"""The ways in which notifications say no."""

from shared.errors import Invalid


class NoAddress(Invalid):
    """A contact needs an e-mail address or a phone number."""

    code = "no-address"
