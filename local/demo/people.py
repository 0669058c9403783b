"""Step 1: who takes part."""

import secrets
from dataclasses import dataclass
from typing import Any

from local.demo.client import Client, Manners
from local.demo.show import Show
from local.setting_up import Administrator

CONSIGNEE = {
    "name": "Cora Lindqvist",
    "company": "Northgate Stores",
    "phone": "+4930901820",
    "email": "cora@northgate.example",
}


@dataclass
class Person:
    """Somebody with a login."""

    id: str
    name: str
    client: Client


@dataclass
class People:
    """Everybody in the story."""

    administrator: Client
    dispatcher: Person
    driver: Person
    contact: dict[str, Any]


def gather(
    show: Show, base_url: str, administrator: Administrator, manners: Manners | None = None
) -> People:
    """The administrator logs in and creates a dispatcher, a driver and a contact."""
    nobody = Client(base_url, manners=manners or Manners())
    refused = nobody.ask(
        "POST", "v1/auth/login", {"email": administrator.email, "password": "not the password"}
    )
    show.check("a wrong password is refused", refused.status == 401, refused)
    admin = logged_in(nobody, administrator.email, administrator.password)
    show.check("the administrator logs in", admin.access_token)
    dispatcher = _person(admin, "Dana Weiss", "dana@example.com", "dispatcher")
    driver = _person(admin, "Milan Horvat", "milan@example.com", "driver")
    show.check("a dispatcher and a driver exist", dispatcher.id and driver.id)
    contact = admin.post("v1/contacts", CONSIGNEE)
    show.check("the consignee is a contact", contact["phone"] == CONSIGNEE["phone"], contact)
    return People(admin, dispatcher, driver, contact)


def logged_in(app: Client, email: str, password: str) -> Client:
    login = {"email": email, "password": password}
    tokens = app.with_token(None).post("v1/auth/login", login)
    return app.with_token(tokens["access_token"])


def _person(admin: Client, name: str, email: str, role: str) -> Person:
    password = secrets.token_urlsafe(12)
    wish = {"name": name, "email": email, "roles": [role], "password": password}
    created = admin.post("v1/users", wish)
    return Person(created["id"], name, logged_in(admin, email, password))
