"""Whose device asks, and from which network address."""

from collections.abc import Mapping

from functions.auth.service.ports import Client
from functions.auth.wiring import trusted_proxies
from shared.http import origin


def client(headers: Mapping[str, str]) -> Client:
    """As far as the headers can be believed."""
    return Client(origin.device(headers), origin.client_address(headers, trusted_proxies()))
