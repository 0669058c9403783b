"""Answers that browsers keep as long as they may, and that are small on the way."""

import gzip
from collections.abc import Mapping

from shared.http.call import Reply
from shared.pages.assets import assets
from shared.pages.policy import ASK_AGAIN, ASSET_HEADERS, FOR_EVER

GZIP = {"Content-Encoding": "gzip"}


def served(hashed_name: str, headers: Mapping[str, str]) -> Reply:
    """The file of that name. Raises Missing."""
    asset, current = assets().hashed(hashed_name)
    small = accepts_gzip(headers)
    return Reply(
        content=asset.gzipped if small else asset.content,
        media_type=asset.media_type,
        etag=f'"{asset.digest}{"-gzip" if small else ""}"',
        headers={
            **ASSET_HEADERS,
            **(FOR_EVER if current else ASK_AGAIN),
            **(GZIP if small else {}),
        },
    )


def compressed(content: bytes, headers: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
    """Gzipped where the browser takes that. Only for content without secrets beside what callers
    can put into it: lengths tell (CVE-2013-3587).
    """
    return (gzip.compress(content, 6, mtime=0), GZIP) if accepts_gzip(headers) else (content, {})


def accepts_gzip(headers: Mapping[str, str]) -> bool:
    for each in headers.get("accept-encoding", "").lower().split(","):
        coding, _, parameters = each.strip().partition(";")
        if coding.strip() in {"gzip", "*"}:
            return parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
