"""Function keys: who may call what, and that an empty key opens nothing."""

from pathlib import Path

import pytest

from local.host.keys import Keys, from_settings
from tests.host.starting import FUNCTION, MASTER, Served, serve


@pytest.mark.parametrize(
    ("level", "given", "admitted"),
    [
        ("ANONYMOUS", "", True),
        ("FUNCTION", "f", True),
        ("FUNCTION", "m", True),
        ("FUNCTION", "", False),
        ("FUNCTION", "F", False),
        ("FUNCTION", "ü", False),
        ("ADMIN", "m", True),
        ("ADMIN", "f", False),
    ],
)
def test_levels(level: str, given: str, admitted: bool) -> None:
    assert Keys("m", "f").admit(level, given) is admitted


def test_a_key_that_is_not_set_opens_nothing() -> None:
    keys = from_settings({}, enforced=True)
    assert not keys.admit("FUNCTION", "")
    assert not keys.admit("ADMIN", "")
    assert not keys.is_master("")


def test_without_enforcement_only_the_admin_routes_stay_closed() -> None:
    keys = Keys("m", "f", enforced=False)
    assert keys.admit("ADMIN", "")
    assert not keys.is_master("")


def test_a_key_comes_in_the_header_or_in_the_query(web: Served) -> None:
    assert web.get("/api/keyed").status_code == 401
    assert web.get("/api/keyed", params={"code": FUNCTION}).text == "in"
    assert web.get("/api/keyed", headers={"x-functions-key": FUNCTION}).text == "in"
    wrong = {"x-functions-key": "wrong"}
    assert web.get("/api/keyed", headers=wrong, params={"code": FUNCTION}).status_code == 401
    assert web.get("/api/keyed/admin", params={"code": FUNCTION}).status_code == 401
    assert web.get("/api/keyed/admin", params={"code": MASTER}).text == "in as admin"


def test_the_host_can_be_told_not_to_ask(folder: Path) -> None:
    served = serve("web", folder, arguments=("--keys", "off"))
    try:
        assert served.get("/api/keyed").text == "in"
        assert served.get("/admin/functions").status_code == 401
    finally:
        served.client.close()
        served.process.stop()
