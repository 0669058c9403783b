"""What auth wants mailed and texted, as its recipients would read it."""

from shared.contracts.auth import SecretMailWanted, SecurityNoticed
from tests.support.messages import told_by


async def letters(tenant: str, to: str | None = None) -> list[SecretMailWanted]:
    """All so far, oldest first; only those to one address where it is given."""
    found = [SecretMailWanted(**body) for body in await told_by("auth", tenant, SecretMailWanted)]
    return [letter for letter in found if to in (None, letter.to)]


async def token_to(tenant: str, to: str = "ann@example.com") -> str:
    """Of the link in the last letter."""
    link = (await letters(tenant, to))[-1].values["link"]
    assert link.startswith("http://127.0.0.1:7071/api/v1/pages/")
    return link.partition("#token=")[2]


async def code_to(tenant: str, phone: str) -> str:
    return (await letters(tenant, phone))[-1].values["code"]


async def notices(tenant: str) -> list[SecurityNoticed]:
    """All so far, oldest first."""
    return [SecurityNoticed(**body) for body in await told_by("auth", tenant, SecurityNoticed)]


async def noticed(tenant: str) -> list[str]:
    return [notice.notice for notice in await notices(tenant)]
