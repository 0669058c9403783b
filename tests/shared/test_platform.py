"""Settings, clients, ids, and kinds of text."""

from itertools import islice
from typing import Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.errors import Unavailable
from shared.http.fields import Email, Id, Phone
from shared.platform import clients, outages
from shared.platform.ids import ids_of_attempt, new_id
from shared.platform.settings import CAPABILITIES, enabled_capabilities, settings
from shared.provided import Provided
from tests.support.azure import configured

CLOUD = {
    "COSMOS": "",
    "SERVICE_BUS": "",
    "BLOB": "",
    "PUBLIC_BASE_URL": "https://collab.example",
    "COSMOS__accountEndpoint": "https://collab.documents.azure.com:443/",
    "SERVICE_BUS__fullyQualifiedNamespace": "collab.servicebus.windows.net",
    "BLOB__blobServiceUri": "https://collab.blob.core.windows.net",
}


async def test_in_azure_clients_use_the_managed_identity() -> None:
    """Built from addresses alone; nothing connects until it is used. Past the caches, so that the
    clients of other tests stay."""
    with configured(**CLOUD):
        cosmos = clients._cosmos.__wrapped__()
        bus = clients._service_bus.__wrapped__()
        blobs = clients.blobs.__wrapped__()
    async with bus, blobs:
        assert cosmos.client_connection.url_connection == CLOUD["COSMOS__accountEndpoint"]
        assert bus.fully_qualified_namespace == "collab.servicebus.windows.net"
        assert blobs.account_name == "collab"
        assert blobs.credential is clients.credential()


def test_a_missing_setting_is_named() -> None:
    with (
        configured(**CLOUD | {"COSMOS__accountEndpoint": ""}),
        pytest.raises(clients.NotConfigured, match="COSMOS__accountEndpoint"),
    ):
        clients._cosmos.__wrapped__()


def test_a_wrong_address_is_refused() -> None:
    with (
        configured(PUBLIC_BASE_URL="collab.example/"),
        pytest.raises(ValidationError, match="PUBLIC_BASE_URL"),
    ):
        settings()


def test_what_is_said_to_be_unavailable_is_an_outage() -> None:
    assert outages.retry_after_s(Unavailable("the timestamp authority")) == 2


def test_a_missing_setting_is_no_outage() -> None:
    assert outages.retry_after_s(clients.NotConfigured("x")) is None


def test_a_deployment_may_serve_fewer_capabilities() -> None:
    with configured(COLLAB_CAPABILITIES=" trips, auth "):
        assert enabled_capabilities() == ("auth", "trips")
    with configured(COLLAB_CAPABILITIES=""):
        assert enabled_capabilities() == CAPABILITIES
    with configured(COLLAB_CAPABILITIES="trips,fleet"), pytest.raises(ValueError, match="fleet"):
        enabled_capabilities()


def test_newer_ids_sort_after_older_ones() -> None:
    ids = [new_id() for _ in range(100)]
    assert ids == sorted(ids)
    assert {UUID(each).version for each in ids} == {7}


def test_a_repeated_attempt_hands_out_the_same_ids() -> None:
    first = new_id()
    here, there = ids_of_attempt(first), ids_of_attempt(first)
    handed_out = [here() for _ in range(5)]

    assert handed_out == [there() for _ in range(5)]
    assert handed_out[0] == first
    assert len(set(handed_out)) == 5
    assert {UUID(each).version for each in handed_out} == {7}
    assert {UUID(each).bytes[:6] for each in handed_out} == {UUID(first).bytes[:6]}


def test_what_is_provided_is_built_once_and_again_after_forgetting() -> None:
    counted = iter(islice(range(10), 10))
    provided = Provided(lambda: next(counted))

    assert (provided(), provided()) == (0, 0)
    provided.forget()
    assert provided() == 1
    with provided.replaced_by(99):
        assert provided() == 99
    assert provided() == 1


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (Email, " Ann@Example.COM ", "ann@example.com"),
        (Phone, "+49 (30) 90 18 20", "+4930901820"),
        (Id, "a-B.9:_", "a-B.9:_"),
    ],
)
def test_text_is_kept_in_one_form(kind: Any, given: str, kept: str) -> None:
    assert TypeAdapter[str](kind).validate_python(given) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [(Email, "ann"), (Email, "a@b"), (Phone, "030 901820"), (Phone, "+4"), (Id, "a/b"), (Id, "")],
)
def test_text_that_is_none_is_refused(kind: Any, given: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter[str](kind).validate_python(given)
