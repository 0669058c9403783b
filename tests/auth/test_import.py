"""Imports: many users from one file, each row accounted for, whatever happens in between."""

import asyncio
import base64
import hashlib
import json

import bcrypt
import pytest

from functions.auth import events
from functions.auth.api import logins
from functions.auth.domain.import_files import json_rows
from functions.auth.domain.imports import Outcome
from functions.auth.domain.user import EmailOwner
from functions.auth.service import imports as service
from functions.auth.wiring import imports, imports_kept
from functions.auth.wiring import users as kept_users
from shared.contracts.auth import UserChanged
from shared.identity.permissions import Role
from shared.platform.clients import container
from shared.records.batch import item_of
from tests.auth.importing import begin, everybody, imported, jobs, many, read, reported, worked
from tests.auth.people import create
from tests.auth.test_departments import create as create_department
from tests.auth.test_departments import delete as delete_department
from tests.support.http import call, somebody
from tests.support.messages import message, told_by

pytestmark = pytest.mark.usefixtures("records")


async def test_a_table_becomes_users(tenant: str) -> None:
    north = await create_department(tenant, "North", await create_department(tenant, "Sales"))
    table = (
        "\ufeffEmail;Name;Phone;Roles;Active;Locale;Time_Zone;Department;External_ID\r\n"
        "Ann@Example.com;Ann Ångström;+49 30 901820;driver, member;yes;de;Europe/Berlin;"
        "sales/NORTH;P-1\r\n"
        '"bea@example.com";"Bea; ""the"" Second";;;no;;;;\r\n'
        "\r\n"
    )
    begun = await begin(tenant, table, "text/csv; charset=utf-8")
    assert begun.status == 202
    assert begun.headers["Location"].endswith(begun.json["id"])
    assert (begun.json["status"], begun.json["rows"], begun.json["done"]) == ("waiting", 2, 0)
    await worked(tenant)

    run = await read(tenant, begun)
    assert (run["status"], run["created"], run["done"]) == ("finished", 2, 2)
    assert await reported(tenant, begun) == []
    people = await everybody(tenant)
    ann, bea = people["ann@example.com"], people["bea@example.com"]
    assert (ann["name"], sorted(ann["roles"]), ann["phone"]) == (
        "Ann Ångström",
        ["driver", "member"],
        "+4930901820",
    )
    assert (ann["department_id"], ann["external_id"]) == (north.json["id"], "P-1")
    assert (bea["name"], bea["roles"], bea["active"]) == ('Bea; "the" Second', ["member"], False)
    assert len(await told_by("auth", tenant, UserChanged)) == 2
    trail = await kept_users().trail(tenant, ann["id"], "users")
    assert [entry.action for entry in trail.entries] == ["import user"]


async def test_known_hashes_let_people_in_and_nobody_else(tenant: str) -> None:
    key = hashlib.pbkdf2_hmac("sha256", b"correct horse battery", b"salt", 1000)
    django = f"pbkdf2_sha256$1000$salt${base64.b64encode(key).decode()}"
    crypted = bcrypt.hashpw(b"correct horse battery", bcrypt.gensalt(4)).decode()
    run, lines = await imported(
        tenant,
        [
            {"email": "d@example.com", "name": "D", "password_hash": django},
            {"email": "b@example.com", "name": "B", "password_hash": crypted},
            {"email": "n@example.com", "name": "N"},
            {"email": "x@example.com", "name": "X", "password_hash": "md5$1$abc"},
        ],
    )

    assert (run["created"], run["failed"]) == (3, 1)
    assert (lines[3]["line"], lines[3]["field"]) == ("4", "password_hash")
    for email, status in (("d", 200), ("b", 200), ("n", 401), ("x", 401)):
        body = {
            "email": f"{email}@example.com",
            "password": "correct horse battery",
            "tenant_id": tenant,
        }
        assert (await call(logins.login, body)).status == status
    stored = await kept_users().with_emails(tenant, ["n@example.com"])
    assert stored["n@example.com"].document.password_hash.startswith("$argon2id$")


async def test_each_row_says_what_is_wrong_with_it(tenant: str) -> None:
    table = "\n".join(
        [
            "email,name,roles,time_zone,department,department_id",
            "no address,X,,,,",
            "a@example.com,,,,,",
            "b@example.com,B,king,Mars,,",
            "c@example.com,C,,,Nowhere/Else,",
            "d@example.com,D,,,,nowhere",
            "e@example.com,E,,,",
            '"f@example.com","F',
            'G",,,,',
            "F@example.com,Again,,,,",
            f"g@example.com,{'x' * 3000},,,,",
            "h@example.com,H,,,,",
        ]
    )
    run, lines = await imported(tenant, table)

    assert [(line["line"], line["outcome"], line["field"]) for line in lines] == [
        ("2", "failed", "email"),
        ("3", "failed", "name"),
        ("4", "failed", "roles.0"),
        ("4", "failed", "time_zone"),
        ("5", "failed", "department"),
        ("6", "failed", "department_id"),
        ("7", "failed", ""),
        ("8", "failed", "name"),
        ("10", "failed", ""),
        ("11", "failed", ""),
        ("12", "created", ""),
    ]
    assert lines[8]["problem"] == "has the same e-mail address as line 8"
    assert (run["failed"], run["created"], run["rows"]) == (9, 1, 10)
    assert list(await everybody(tenant)) == ["h@example.com"]


@pytest.mark.parametrize(
    ("existing", "outcome", "name"),
    [("report", "failed", "Ann"), ("skip", "skipped", "Ann"), ("update", "updated", "Anna")],
)
async def test_who_is_there_already(tenant: str, existing: str, outcome: str, name: str) -> None:
    ann = await create(tenant, phone="+4930901820")
    table = "email,name,roles,phone\nann@example.com,Anna,dispatcher,\nnew@example.com,N,,\n"
    run, lines = await imported(tenant, table, existing=existing)

    assert [line["outcome"] for line in lines] == [outcome, "created"]
    now = (await everybody(tenant))["ann@example.com"]
    assert (now["id"], now["name"], now["phone"]) == (ann.json["id"], name, "+4930901820")
    again, lines = await imported(tenant, table, existing=existing)
    expected = {"report": "failed", "skip": "skipped", "update": "unchanged"}[existing]
    assert {line["outcome"] for line in lines[:1]} == {expected}
    assert again["created"] == 0
    assert run["status"] == "finished"


async def test_a_dry_run_says_what_would_be_and_does_nothing(tenant: str) -> None:
    await create(tenant)
    table = "email,name\nann@example.com,Anna\nnew@example.com,N\nnone@example.com,\nbad,B\n"
    run, lines = await imported(tenant, table, existing="update", dry_run="true")

    assert [line["outcome"] for line in lines] == ["updated", "created", "failed", "failed"]
    assert lines[1]["user_id"] == ""
    assert run["dry_run"] is True
    people = await everybody(tenant)
    assert [(email, user["name"]) for email, user in people.items()] == [("ann@example.com", "Ann")]


async def test_nobody_imports_rights_that_they_do_not_have(tenant: str) -> None:
    table = "email,name,roles\na@example.com,A,admin\nd@example.com,D,driver\n"
    caller = somebody(tenant, Role.DISPATCHER)
    assert (await begin(tenant, table, caller=caller)).code == "forbidden"
    limited = somebody(tenant, Role.DISPATCHER, Role.DRIVER)
    object.__setattr__(limited, "permissions", limited.permissions | {"auth:write"})
    begun = await begin(tenant, table, caller=limited)
    await worked(tenant)
    [line] = await reported(tenant, begun)
    assert (line["line"], line["field"]) == ("2", "roles")
    assert "admin" in line["problem"]


async def test_administrators_do_not_import_themselves_away(tenant: str) -> None:
    ann = await create(tenant, roles=["admin"])
    bob = await create(tenant, "bob@example.com", roles=["admin"])
    caller = somebody(tenant, user_id=ann.json["id"])
    table = "email,active,roles\nann@example.com,no,\nbob@example.com,,member\n"
    begun = await begin(tenant, table, caller=caller, existing="update")
    await worked(tenant)

    lines = await reported(tenant, begun, all="true")
    assert [line["outcome"] for line in lines] == ["failed", "updated"]
    assert lines[0]["field"] == "own-administration"
    other = "email,roles\nann@example.com,member\n"
    begun = await begin(
        tenant, other, caller=somebody(tenant, user_id=bob.json["id"]), existing="update"
    )
    await worked(tenant)
    assert [line["field"] for line in await reported(tenant, begun)] == ["last-administrator"]


async def test_long_lists_go_on_in_further_messages(tenant: str) -> None:
    count = service.CHUNKS_A_MESSAGE * 100 + 30
    begun = await begin(tenant, many(count), dry_run="true")
    [first] = await jobs(tenant)
    await events.work_off_import(message(first))
    halfway = await read(tenant, begun)
    assert (halfway["status"], halfway["done"]) == ("running", count - 30)
    assert len(await reported(tenant, begun, all="true")) == count - 30
    await worked(tenant)

    assert (await read(tenant, begun))["status"] == "finished"
    assert len(await jobs(tenant)) == 2


async def test_what_comes_twice_or_at_once_is_done_once(tenant: str) -> None:
    begun = await begin(tenant, many(130))
    [job] = await jobs(tenant)
    await asyncio.gather(
        *(events.work_off_import(message(job, message_id=f"m-{n % 2}")) for n in range(3))
    )
    await events.work_off_import(message(job))

    run = await read(tenant, begun)
    assert (run["created"], run["failed"], run["done"]) == (130, 0, 130)
    assert len(await told_by("auth", tenant, UserChanged)) == 130


async def test_an_import_that_broke_off_goes_on(tenant: str) -> None:
    """Some users were made and the chunk was not finished: they count as made by it."""
    begun = await begin(tenant, many(3))
    [job] = await jobs(tenant)
    run = (await imports_kept().get(tenant, job.import_id)).document
    rows = json_rows(json.dumps(many(2)).encode())
    await imports()._rows.worked_off(run, rows)
    assert len(await everybody(tenant)) == 2
    await events.work_off_import(message(job))

    done = await read(tenant, begun)
    assert (done["created"], done["failed"]) == (3, 0)
    assert len(await everybody(tenant)) == 3


async def test_a_row_whose_user_has_moved_on_is_not_made_again(tenant: str) -> None:
    begun = await begin(tenant, many(1))
    [job] = await jobs(tenant)
    run = (await imports_kept().get(tenant, job.import_id)).document
    await imports()._rows.worked_off(run, json_rows(json.dumps(many(1)).encode()))
    renamed = [{"email": "other@example.com", "name": "U"}]
    [result] = await imports()._rows.worked_off(run, json_rows(json.dumps(renamed).encode()))
    assert result.outcome is Outcome.CREATED
    assert list(await everybody(tenant)) == ["u0@example.com"]
    assert begun.status == 202


async def test_an_address_that_is_taken_meanwhile_is_reported(tenant: str) -> None:
    """Not a user's yet when the chunk was compared, and somebody's when it was saved."""
    owner = EmailOwner(id="email:u0@example.com", tenant_id=tenant, user_id="somebody")
    await container("auth").create_item(item_of(owner))
    _, lines = await imported(tenant, many(1))
    assert (lines[0]["outcome"], lines[0]["field"]) == ("failed", "email")


async def test_a_department_that_goes_meanwhile_is_reported(tenant: str) -> None:
    sales = await create_department(tenant, "Sales")
    begun = await begin(tenant, many(1, department_id=sales.json["id"]))
    await delete_department(tenant, sales)
    await worked(tenant)
    [line] = await reported(tenant, begun)
    assert line["field"] == "department_id"
