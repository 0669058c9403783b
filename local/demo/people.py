"""Step 1: who takes part."""

import secrets
from dataclasses import dataclass
from typing import Any

from local.demo.client import Client
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


def gather(show: Show, base_url: str, administrator: Administrator) -> People:
    """The administrator logs in and creates a dispatcher, a driver and a contact."""
    refused = Client(base_url).send(
        "POST", "v1/auth/login", {"email": administrator.email, "password": "not the password"}
    )
    show.check("a wrong password is refused", refused.status == 401, refused)
    admin = logged_in(base_url, administrator.email, administrator.password)
    show.check("the administrator logs in", admin.access_token)
    dispatcher = _person(base_url, admin, "Dana Weiss", "dana@example.com", "dispatcher")
    driver = _person(base_url, admin, "Milan Horvat", "milan@example.com", "driver")
    show.check("a dispatcher and a driver exist", dispatcher.id and driver.id)
    contact = admin.post("v1/contacts", CONSIGNEE)
    show.check("the consignee is a contact", contact["phone"] == CONSIGNEE["phone"], contact)
    return People(admin, dispatcher, driver, contact)


def logged_in(base_url: str, email: str, password: str) -> Client:
    login = {"email": email, "password": password}
    tokens = Client(base_url).post("v1/auth/login", login)
    return Client(base_url, tokens["access_token"])


def _person(base_url: str, admin: Client, name: str, email: str, role: str) -> Person:
    password = secrets.token_urlsafe(12)
    wish = {"name": name, "email": email, "roles": [role], "password": password}
    created = admin.post("v1/users", wish)
    return Person(created["id"], name, logged_in(base_url, email, password))
