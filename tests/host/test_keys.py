"""Function keys: who may call what, and that an empty key opens nothing."""

from pathlib import Path

import pytest

from local.host import key_list, key_store
from local.host.failures import IndexFailed
from local.host.keys import Keys
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


def test_a_key_that_is_not_set_opens_nothing(folder: Path) -> None:
    keys = key_store.load(folder, {}, enforced=True).keys
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


def test_host_keys_open_every_function_and_a_functions_own_keys_only_that() -> None:
    keys = Keys("m", "f", host={"partner": "p"}, functions={"one": {"a": "x", "b": "y"}})
    for given in ("m", "f", "p", "x", "y"):
        assert keys.admit("FUNCTION", given, "One")
    assert keys.admit("FUNCTION", "p", "two")
    assert not keys.admit("FUNCTION", "x", "two")
    assert not keys.admit("ADMIN", "p")
    assert not keys.is_master("x")


OWN = "functions/keyed/keys"


def ended(served: Served) -> None:
    served.client.close()
    served.process.stop()


def test_keys_are_listed_added_and_replaced(folder: Path) -> None:
    served = serve("web", folder)
    try:
        assert served.admin("GET", OWN).json() == {"keys": []}
        made = served.admin("POST", f"{OWN}/Partner")
        value = made.json()["value"]
        assert (made.status_code, len(value) > 50) == (201, True)
        assert served.get("/api/keyed", params={"code": value}).text == "in"
        chosen = served.admin("PUT", f"{OWN}/partner", json={"value": "chosen"})
        assert (chosen.status_code, chosen.json()["value"]) == (200, "chosen")
        assert served.get("/api/keyed", params={"code": value}).status_code == 401
        assert served.get("/api/keyed", headers={"x-functions-key": "chosen"}).text == "in"
        described = {each["name"]: each for each in served.admin("GET", "functions").json()}
        assert described["keyed"]["keys"] == {"partner": "chosen"}
    finally:
        ended(served)


def test_keys_outlive_the_host_until_they_are_removed(folder: Path) -> None:
    store = key_store.load(folder, {}, enforced=True)
    store.put("keyed", "partner", "chosen")
    store.put(key_store.HOST, "all", "for all")
    assert (folder / "keys.json").stat().st_mode & 0o777 == 0o600
    served = serve("web", folder, data=folder)
    try:
        names = [each["name"] for each in served.admin("GET", "host/keys").json()["keys"]]
        assert names == ["default", "all"]
        for value in ("for all", "chosen"):
            assert served.get("/api/keyed", params={"code": value}).text == "in"
        assert served.admin("DELETE", f"{OWN}/partner").status_code == 204
        assert served.admin("DELETE", f"{OWN}/partner").status_code == 404
        assert served.get("/api/keyed", params={"code": "chosen"}).status_code == 401
    finally:
        ended(served)
    assert key_store.load(folder, {}, enforced=True).of("keyed") == {}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "functions/unknown/keys", "", 404),
        ("PUT", "functions/keyed/keys/a", "{", 400),
        ("PUT", "functions/keyed/keys/a", '{"value": ""}', 400),
        ("PUT", "functions/keyed/keys/a", "[]", 400),
        ("PUT", "host/keys/default", '{"value": "x"}', 404),
        ("DELETE", "host/keys/_master", "", 404),
        ("POST", "functions/keyed/keys", "", 404),
        ("PATCH", "functions/keyed/keys/a", "", 404),
    ],
)
def test_what_cannot_be_done_with_keys(
    web: Served, method: str, path: str, body: str, status: int
) -> None:
    assert web.admin(method, path, content=body).status_code == status


def test_nobody_sees_keys_without_the_master_key(web: Served) -> None:
    for path in ("/admin/host/keys", "/admin/functions/keyed/keys"):
        assert web.get(path, headers={"x-functions-key": FUNCTION}).status_code == 401


@pytest.mark.parametrize("content", ["{", "[]", '{"keys": 3}', '{"keys": {"f": 3}}'])
def test_a_broken_file_of_keys_is_named(folder: Path, content: str) -> None:
    (folder / "keys.json").write_text(content)
    with pytest.raises(IndexFailed, match=r"keys\.json"):
        key_store.load(folder, {}, enforced=True)


def test_what_an_operator_is_shown(web: Served) -> None:
    shown = key_list.describe(
        MASTER,
        FUNCTION,
        key_list.described(web.admin("GET", "functions").json()),
        url="http://127.0.0.1:7071",
        host={"partner": "p"},
    )
    text = "\n".join(shown)
    assert f"master key   {MASTER}" in shown
    assert f"host key     {FUNCTION}  (default)" in shown
    assert "host key     p  (partner)" in shown
    assert f"  keyed  GET http://127.0.0.1:7071/api/keyed?code={FUNCTION}" in shown
    assert f"http://127.0.0.1:7071/api/keyed/admin?code={MASTER}" in text
    assert "/api/echo" not in text
    assert shown[-1].endswith("they look at the caller themselves.")


def test_a_key_is_quoted_in_a_url_and_a_functions_own_are_named() -> None:
    function = key_list.Keyed("f", "a", (), "FUNCTION", (("x", "k&1"),))
    shown = key_list.describe("m", "a+b==", [function])
    assert "  f  any method http://127.0.0.1:7071/a?code=a%2Bb%3D%3D" in shown
    assert "    key of its own: k&1  (x)" in shown
