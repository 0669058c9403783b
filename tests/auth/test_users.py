"""Users: created, listed, changed, and remembered with who changed them."""

import asyncio
from datetime import timedelta

import pytest

from functions.auth.api import keys, logins
from functions.auth.api import users as api
from functions.auth.domain.user import USERS
from functions.auth.wiring import users
from shared.contracts.auth import UserChanged
from shared.identity.permissions import Role
from shared.platform.clients import container
from tests.support.http import Answer, call, somebody
from tests.support.messages import told_by

pytestmark = pytest.mark.usefixtures("records")


async def create(tenant: str, email: str, **more: object) -> Answer:
    body = {"email": email, "name": "Ann", "roles": ["member"], **more}
    return await call(api.create_user, body, caller=somebody(tenant))


async def change(tenant: str, user: Answer, etag: str | None, **wish: object) -> Answer:
    headers = {"if-match": etag} if etag else {}
    return await call(
        api.change_user,
        wish,
        method="PATCH",
        caller=somebody(tenant),
        headers=headers,
        user_id=user.json["id"],
    )


async def test_a_generated_password_is_shown_once_and_kept_hashed(tenant: str) -> None:
    created = await create(tenant, "Ann@Example.com", phone="+49 30 901820")
    password = created.json["generated_password"]
    login = {"email": "ann@example.com", "password": password, "tenant_id": tenant}

    assert created.status == 201
    assert created.json["phone"] == "+4930901820"
    assert (await call(logins.login, login)).code == "password-change-required"
    read = await call(
        api.read_user, method="GET", caller=somebody(tenant), user_id=created.json["id"]
    )
    assert "generated_password" not in read.json
    item = await container("auth").read_item(created.json["id"], [tenant, USERS])
    assert item["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_an_email_address_belongs_to_one_user_of_a_tenant(tenant: str) -> None:
    both = await asyncio.gather(*(create(tenant, "ann@example.com") for _ in range(2)))
    elsewhere = await create(f"{tenant}-other", "ann@example.com")

    assert sorted(answer.status for answer in both) == [201, 409]
    assert next(a for a in both if a.status == 409).code == "email-taken"
    assert elsewhere.status == 201


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"roles": []}, "roles"),
        ({"roles": ["king"]}, "roles.0"),
        ({"name": "  "}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"favourite_colour": "red"}, "favourite_colour"),
        ({"name": 7}, "name"),
    ],
)
async def test_a_bad_wish_names_the_field(tenant: str, wish: dict[str, object], field: str) -> None:
    refused = await create(tenant, **{"email": "ann@example.com", **wish})  # type: ignore[arg-type]  # bad on purpose

    assert (refused.status, refused.code) == (422, "invalid")
    assert [each["at"] for each in refused.json["fields"]] == [field]


async def test_users_are_listed_in_pages_newest_first(tenant: str) -> None:
    for number in range(5):
        await create(tenant, f"u{number}@example.com")
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = await call(api.list_users, method="GET", caller=somebody(tenant), query=query)
        seen += [user["email"] for user in page.json["items"]]
        cursor = page.json["next_cursor"]
        if cursor is None:
            break
        await create(tenant, f"late{len(seen)}@example.com")

    assert seen == [f"u{number}@example.com" for number in (4, 3, 2, 1, 0)]


async def test_a_change_needs_the_version_it_was_made_from(tenant: str) -> None:
    user = await create(tenant, "ann@example.com")

    assert (await change(tenant, user, None, name="Bea")).code == "if-match-required"
    assert (await change(tenant, user, '"old"', name="Bea")).code == "stale"
    changed = await change(tenant, user, user.etag, name="Bea", roles=["driver", "admin"])
    assert (changed.json["name"], sorted(changed.json["roles"])) == ("Bea", ["admin", "driver"])
    assert (await change(tenant, user, user.etag, name="Cleo")).code == "stale"


async def test_of_two_writers_at_once_one_is_stale(tenant: str) -> None:
    user = await create(tenant, "ann@example.com")
    names = ("Bea", "Cleo", "Dora")
    answers = await asyncio.gather(*(change(tenant, user, user.etag, name=n) for n in names))

    assert sorted(answer.status for answer in answers) == [200, 412, 412]


@pytest.mark.parametrize("wish", [{"active": False}, {"roles": ["member"]}])
async def test_administrators_cannot_lock_themselves_out(
    tenant: str, wish: dict[str, object]
) -> None:
    user = await create(tenant, "ann@example.com", roles=["admin"])
    refused = await call(
        api.change_user,
        wish,
        method="PATCH",
        caller=somebody(tenant, user_id=user.json["id"]),
        headers={"if-match": user.etag},
        user_id=user.json["id"],
    )
    assert (refused.status, refused.code) == (409, "own-administration")


async def test_a_known_version_is_not_sent_again(tenant: str) -> None:
    user = await create(tenant, "ann@example.com")
    again = await call(
        api.read_user,
        method="GET",
        caller=somebody(tenant),
        headers={"if-none-match": user.etag},
        user_id=user.json["id"],
    )
    assert (again.status, again.body, again.etag) == (304, b"", user.etag)


@pytest.mark.parametrize("user_id", ["nobody", "a/b", "x" * 300, "?", "email:ann@example.com"])
async def test_what_is_no_user_is_not_found(tenant: str, user_id: str) -> None:
    await create(tenant, "ann@example.com")
    answer = await call(api.read_user, method="GET", caller=somebody(tenant), user_id=user_id)

    assert (answer.status, answer.code) == (404, "not-found")


async def found(tenant: str, **query: str) -> list[str]:
    answer = await call(api.list_users, method="GET", caller=somebody(tenant), query=query)
    assert answer.status == 200, answer.body
    return sorted(user["name"] for user in answer.json["items"])


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("muller", ["Søren Müller"]),
        ("MÜLLER soren", ["Søren Müller"]),
        ("ørsted", ["Jørgen Ørsted"]),
        ("strasse", ["Bea Straße"]),
        ("@example.com ann", ["Ann Łukasz"]),
        ("o", ["Jørgen Ørsted", "Søren Müller", "Ann Łukasz", "Bea Straße"]),
        ("nobody", []),
        ("%", []),
        ("' OR true --", []),
    ],
)
async def test_people_are_found_by_parts_of_name_and_address(
    tenant: str, q: str, names: list[str]
) -> None:
    for name, email in (
        ("Søren Müller", "sm@example.com"),
        ("Jørgen Ørsted", "jo@example.com"),
        ("Bea Straße", "bs@example.com"),
        ("Ann Łukasz", "ann@example.com"),
    ):
        await create(tenant, email, name=name)
    assert await found(tenant, q=q) == sorted(names)


async def test_a_changed_name_is_found_by_the_new_one(tenant: str) -> None:
    user = await create(tenant, "ann@example.com")
    await change(tenant, user, user.etag, name="Zoë")

    assert await found(tenant, q="zoe") == ["Zoë"]
    trail = await users().trail(tenant, user.json["id"], USERS)
    assert "search" not in trail.entries[0].changes


async def test_people_are_filtered_and_paged(tenant: str) -> None:
    await create(tenant, "a@example.com", name="A", roles=["driver"], external_id="P-1")
    await create(tenant, "b@example.com", name="B", roles=["driver", "dispatcher"])
    user = await create(tenant, "c@example.com", name="C", roles=["dispatcher"])
    await change(tenant, user, user.etag, active=False)

    assert await found(tenant, role="driver") == ["A", "B"]
    assert await found(tenant, role="dispatcher", active="true") == ["B"]
    assert await found(tenant, external_id="P-1") == ["A"]
    assert await found(tenant, department_id="none") == []
    seen, cursor = [], ""
    while True:
        query = {"limit": "1", "q": "example", **({"cursor": cursor} if cursor else {})}
        page = await call(api.list_users, method="GET", caller=somebody(tenant), query=query)
        seen += [each["name"] for each in page.json["items"]]
        cursor = page.json["next_cursor"]
        if not cursor:
            break
    assert seen == ["C", "B", "A"]


@pytest.mark.parametrize("query", [{"q": ""}, {"q": "x" * 101}, {"role": "king"}, {"age": "1"}])
async def test_what_cannot_be_searched_is_refused(tenant: str, query: dict[str, str]) -> None:
    answer = await call(api.list_users, method="GET", caller=somebody(tenant), query=query)
    assert (answer.status, answer.code) == (422, "invalid")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("locale", "german"),
        ("locale", "DE"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "Europe"),
        ("time_zone", "America/Argentina"),
        ("time_zone", "../../etc/passwd"),
        ("external_id", ""),
        ("external_id", "a\x00b"),
        ("department_id", "a b"),
    ],
)
async def test_a_profile_that_makes_no_sense_is_refused(
    tenant: str, field: str, value: str
) -> None:
    answer = await call(
        api.create_user,
        {"email": "ann@example.com", "name": "Ann", "roles": ["member"], field: value},
        caller=somebody(tenant),
    )
    assert (answer.status, answer.json["fields"][0]["at"]) == (422, field)


async def test_profiles_are_filled_and_emptied(tenant: str) -> None:
    profile = {"locale": "de-AT", "time_zone": "Europe/Vienna", "external_id": "P-1"}
    user = await create(tenant, "ann@example.com", phone="+4930901820", **profile)
    assert {name: user.json[name] for name in profile} == profile

    emptied = await change(
        tenant, user, user.etag, locale=None, external_id=None, phone=None, name=None, roles=None
    )
    expected = {**user.json, "locale": None, "external_id": None, "phone": None}
    del expected["generated_password"]
    assert emptied.json == expected


async def test_people_change_their_own_profile_and_no_more(tenant: str) -> None:
    user = await create(tenant, "ann@example.com")
    ann = somebody(tenant, Role.MEMBER, user_id=user.json["id"])

    async def patch(**wish: object) -> Answer:
        headers = {"if-match": "*"}
        return await call(api.change_me, wish, method="PATCH", caller=ann, headers=headers)

    changed = await patch(name="Bea", locale="de", time_zone="UTC")
    assert (changed.status, changed.json["name"], changed.json["locale"]) == (200, "Bea", "de")
    assert (await patch(roles=["admin"])).status == 422
    assert (await patch(name=None)).json["name"] == "Bea"
    trail = await users().trail(tenant, user.json["id"], USERS)
    assert trail.entries[-1].action == "change profile"


async def test_another_tenants_user_is_not_found(tenant: str) -> None:
    user = await create(tenant, "ann@example.com")
    stranger = somebody("t-other", Role.ADMIN)
    answer = await call(api.read_user, method="GET", caller=stranger, user_id=user.json["id"])

    assert answer.status == 404


async def test_every_change_is_told_and_stands_in_the_trail(tenant: str) -> None:
    user = await create(tenant, "ann@example.com")
    await change(tenant, user, user.etag, name="Bea")
    trail = await call(
        api.read_user_audit, method="GET", caller=somebody(tenant), user_id=user.json["id"]
    )
    told = await told_by("auth", tenant, UserChanged)

    assert [body["name"] for body in told] == ["Ann", "Bea"]
    assert trail.json["intact"] is True
    assert [entry["action"] for entry in trail.json["entries"]] == ["create user", "change user"]
    last = trail.json["entries"][-1]
    assert last["actor"] == {"kind": "user", "id": "u-1"}
    assert last["changes"] == {"name": ["Ann", "Bea"], "version": [1, 2]}
    assert trail.json["entries"][0]["changes"]["password_hash"] == ["(hidden)", "(hidden)"]


async def test_an_altered_trail_is_noticed(tenant: str) -> None:
    user = await create(tenant, "ann@example.com")
    kept = container("auth")
    entry_id = f"audit:{user.json['id']}:{1:08}"
    item = await kept.read_item(entry_id, [tenant, USERS])
    item["entry"]["actor"]["id"] = "somebody-else"
    await kept.replace_item(entry_id, item)

    trail = await users().trail(tenant, user.json["id"], USERS)
    assert trail.intact is False
    assert trail.problems == ["Entry 1 was altered."]


async def test_there_is_one_first_administrator() -> None:
    wish = {"email": "admin@example.com"}
    first, second = (
        await call(api.create_first_administrator, wish),
        await call(api.create_first_administrator, {"email": "other@example.com"}),
    )

    assert first.status == 201
    assert first.json["roles"] == ["admin"]
    login = {"email": "admin@example.com", "password": first.json["generated_password"]}
    assert (await call(logins.login, login)).status == 200
    assert (second.status, second.code) == (409, "already-set-up")
    user = (await users().get("default", first.json["id"], USERS)).document
    assert user.may_log_in(user.created_at + timedelta(days=2, hours=23))
    assert not user.may_log_in(user.created_at + timedelta(days=3))


async def test_gateways_find_the_keys() -> None:
    configuration = (await call(keys.publish_openid_configuration, method="GET")).json
    published = (await call(keys.publish_jwks, method="GET")).json["keys"]

    assert configuration["jwks_uri"] == f"{configuration['issuer']}/.well-known/jwks.json"
    assert published
    assert all(key.keys() == {"kty", "n", "e", "kid", "use", "alg"} for key in published)
