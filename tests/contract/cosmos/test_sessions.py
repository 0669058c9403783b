"""Session tokens: what a client has seen, and a service that has seen less."""

from azure.cosmos.aio import ContainerProxy

from tests.contract.cosmos.asking import refused
from tests.contract.cosmos.endpoint import Endpoint


def session_of(container: ContainerProxy) -> str:
    token: str = container.client_connection.last_response_headers["x-ms-session-token"]
    return token


async def test_a_token_grows_with_every_write(container: ContainerProxy) -> None:
    seen = []
    for number in range(3):
        await container.create_item({"id": str(number), "pk": "a"})
        seen.append(int(session_of(container).split("#")[1]))
    assert seen == sorted(set(seen))


async def test_a_read_with_the_token_of_a_write_finds_it(container: ContainerProxy) -> None:
    await container.create_item({"id": "1", "pk": "a"})
    token = session_of(container)
    assert (await container.read_item("1", "a", session_token=token))["id"] == "1"


async def test_a_token_from_the_future_is_not_served(
    local_endpoint: Endpoint, container: ContainerProxy
) -> None:
    await container.create_item({"id": "1", "pk": "a"})
    with refused(404, "read session is not available"):
        await container.read_item("1", "a", session_token="0:-1#999999999")


async def test_a_token_that_is_none_is_refused(
    local_endpoint: Endpoint, container: ContainerProxy
) -> None:
    await container.create_item({"id": "1", "pk": "a"})
    with refused(400, "session token"):
        await container.read_item("1", "a", session_token="0:nonsense")
