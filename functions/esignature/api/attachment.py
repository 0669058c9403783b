"""Bytes as an answer that a browser saves, and never opens as a page of ours."""

from urllib.parse import quote

from shared.http.call import Reply


def attachment(content: bytes, file_name: str, media_type: str = "application/pdf") -> Reply:
    """The name as RFC 6266 and RFC 8187 have it, whatever its script."""
    return Reply(
        content=content,
        media_type=media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name, safe='')}",
            "X-Content-Type-Options": "nosniff",
        },
    )
