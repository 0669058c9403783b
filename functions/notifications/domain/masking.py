"""Hides what follows the host in every link: whoever has a signing link can sign. Pure."""

import re

LINK = re.compile(r"(https?://)(?:[^\s/?#<>\"']*@)?([^\s/?#<>\"']+)[^\s<>\"']*", re.IGNORECASE)


def masked(text: str) -> str:
    return LINK.sub(r"\1\2/…", text)
