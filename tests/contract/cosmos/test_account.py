"""Who may speak to the account, and what it says of itself."""

import json
import urllib.error
import urllib.request

import pytest
from azure.cosmos import CosmosClient as SyncClient
from azure.cosmos.aio import CosmosClient

from tests.contract.cosmos.asking import refused
from tests.contract.cosmos.endpoint import Endpoint, connected_by


def test_another_account_is_named_by_its_connection_string() -> None:
    given = "AccountEndpoint=https://x.documents.azure.com:443/;AccountKey=a+b/c==;"
    known = Endpoint("https://x.documents.azure.com:443/", "a+b/c==", is_local=False)
    assert connected_by(given) == known
    assert not connected_by(given + "DisableServerCertificateValidation=True").verify


async def test_a_wrong_key_is_refused(endpoint: Endpoint) -> None:
    stranger = CosmosClient(endpoint.url, "AAAA" + endpoint.key[4:])
    try:
        with refused(401):
            await stranger.__aenter__()
    finally:
        await stranger.close()


def test_a_wrong_key_is_refused_for_the_synchronous_client(endpoint: Endpoint) -> None:
    with refused(401):
        SyncClient(endpoint.url, "AAAA" + endpoint.key[4:])


@pytest.mark.parametrize("authorization", [None, "", "nonsense", "type%3Dmaster%26sig%3Dx"])
def test_a_request_without_a_signature_is_refused(
    local_endpoint: Endpoint, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    request = urllib.request.Request(f"{local_endpoint.url}/dbs", headers=headers)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=5)
    with caught.value as answer:
        assert answer.code == 401
        assert json.loads(answer.read())["code"] == "Unauthorized"


def test_health_needs_no_signature(local_endpoint: Endpoint) -> None:
    with urllib.request.urlopen(f"{local_endpoint.url}/_local/health", timeout=5) as answer:
        assert json.loads(answer.read())["status"] == "ok"
