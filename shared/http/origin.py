"""From where a request comes, as far as its headers can be believed."""

from collections.abc import Mapping

LONGEST_DEVICE = 200


def client_address(headers: Mapping[str, str], trusted_proxies: int = 0) -> str:
    """The network address of whoever sent it, or nothing.

    Azure's front end appends the peer to X-Forwarded-For; what stands before was sent by the peer
    and may be made up, but for as many proxies of our own (a gateway) as are in front of the app.
    """
    hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",")]
    if len(hops) <= trusted_proxies:
        return ""
    return _without_port(hops[-1 - trusted_proxies])


def device(headers: Mapping[str, str]) -> str:
    """What the device calls itself, made harmless to show."""
    named = headers.get("user-agent", "")[:LONGEST_DEVICE]
    return "".join(c if c.isprintable() else " " for c in named).strip()


def _without_port(hop: str) -> str:
    """`1.2.3.4:5`, `[::1]:5`, `1.2.3.4` or `::1`; an IPv6 host counts as its network of 64 bits."""
    import ipaddress

    host = hop.strip("[]") if "]:" not in hop else hop[1 : hop.index("]:")]
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return ""
    if address.version == 6:
        return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    return str(address)
