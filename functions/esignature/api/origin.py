"""From where a request came, as far as its headers say."""

from collections.abc import Mapping

from functions.esignature.domain.occurrence import Origin

LONGEST = 300


def origin_of(headers: Mapping[str, str]) -> Origin:
    """Proxies append to X-Forwarded-For, so its first address is the caller's own claim.

    Of a long one the end is kept, where the entry of our own proxy stands.
    """
    forwarded_for = _readable(headers.get("x-forwarded-for"))
    return Origin(
        ip=_first_address(forwarded_for),
        forwarded_for=forwarded_for[-LONGEST:] or None,
        user_agent=_readable(headers.get("user-agent"))[:LONGEST] or None,
    )


def _first_address(chain: str) -> str | None:
    """Without the port that Azure's front ends append: `1.2.3.4:56`, `[2001:db8::1]:56`."""
    from ipaddress import ip_address

    for part in chain.split(","):
        given = part.strip()
        if given.startswith("["):
            given = given[1:].partition("]")[0]
        elif given.count(":") == 1:
            given = given.partition(":")[0]
        try:
            return str(ip_address(given))
        except ValueError:
            continue
    return None


def _readable(value: str | None) -> str:
    return "".join(each if each.isprintable() else " " for each in value or "")
