"""OpenAPI 3.1, and what becomes of it in 3.0."""

from typing import Annotated, Any, Literal

from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
from pydantic import Field

from shared.errors import Missing
from shared.http.call import Call
from shared.http.declaration import HOST_KEY, Content, Raw
from shared.http.endpoint import endpoint
from shared.http.openapi.document import document
from shared.http.openapi.older import as_3_0
from shared.http.openapi.registered import Registered
from shared.http.paging import Paging
from shared.model import Model


class Wish(Model):
    word: Annotated[str, Field(examples=["a", "b"], description="A word.")]
    maybe: int | None = None
    other: "Part | None" = None
    kind: Literal["only"] = "only"
    more: Annotated[float, Field(gt=0, lt=10)] = 1
    pair: tuple[float, float] = (0, 0)


class Part(Model):
    name: str = Field("x", examples=[])


class View(Model):
    id: str


@endpoint(needs="trips:write", takes=Wish, gives=View, changes=True, refuses=[Missing])
async def change(_call: Call[Wish]) -> View:
    """Change it.

    With more to say."""
    return View(id="x")


@endpoint(needs=HOST_KEY, takes=Raw("image/png", 10), gives=Content("image/png"))
async def draw(_call: Call[bytes]) -> None:
    """Draw it."""


@endpoint(needs="trips:read", asks=Paging)
async def look(_call: Call[None, Paging]) -> None:
    """Look."""


def registered(name: str, function: Any, path: str, method: str) -> Registered:
    return Registered(name, path, (method,), "anonymous", function.declaration)


DOCUMENT = document(
    [
        registered("trips_change", change, "v1/trips/{trip_id:guid}", "PATCH"),
        registered("trips_draw", draw, "v1/trips/{trip_id}/drawing", "POST"),
        registered("trips_look", look, "v1/trips", "POST"),
    ],
    "1.2.3",
)


def test_an_operation_says_all_that_its_endpoint_declares() -> None:
    operation = DOCUMENT["paths"]["/v1/trips/{trip_id}"]["patch"]

    assert operation["operationId"] == "trips_change"
    assert (operation["summary"], operation["description"]) == ("Change it.", "With more to say.")
    assert operation["x-permission"] == "trips:write"
    assert [each["name"] for each in operation["parameters"]] == ["trip_id", "If-Match"]
    assert set(operation["responses"]) == {
        *("200", "400", "401", "403", "404", "413", "415", "422", "428", "default")
    }
    assert operation["responses"]["404"]["x-problems"] == ["not-found"]
    assert operation["security"] == [{"access_token": []}, {"api_key": []}]


def test_bytes_and_keys_and_queries_are_told() -> None:
    draw_it = DOCUMENT["paths"]["/v1/trips/{trip_id}/drawing"]["post"]
    look_at = DOCUMENT["paths"]["/v1/trips"]["post"]

    assert list(draw_it["requestBody"]["content"]) == ["image/png"]
    assert draw_it["security"] == [{"host_key": []}]
    names = [each["name"] for each in look_at["parameters"]]
    assert names == ["limit", "cursor", "Idempotency-Key"]
    assert "204" in look_at["responses"]


def test_both_are_valid() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()
    OpenAPIV30SpecValidator(as_3_0(DOCUMENT)).validate()


def test_older_words_say_the_same() -> None:
    schema = as_3_0(DOCUMENT)["components"]["schemas"]["Wish"]["properties"]

    assert schema["word"]["example"] == "a"
    assert (schema["maybe"]["type"], schema["maybe"]["nullable"]) == ("integer", True)
    assert schema["other"]["nullable"] is True
    assert schema["kind"]["enum"] == ["only"]
    assert (schema["more"]["minimum"], schema["more"]["exclusiveMinimum"]) == (0, True)
    assert "prefixItems" not in schema["pair"]
