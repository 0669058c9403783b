"""Short lists of resources (databases, containers, offers): read whole, or asked by a query."""

from local.cosmos.call import Call, Reply
from local.cosmos.errors import bad_request
from local.cosmos.query.engine import Question, answer
from local.cosmos.strictness import check_depth
from local.cosmos.wire import Document, Value, raw


def question_of(call: Call, now_s: float) -> Question:
    """The query in the body: `{"query": ..., "parameters": [{"name", "value"}]}`."""
    body = call.document()
    return Question(
        text=str(body.get("query", "")),
        parameters=_parameters(body.get("parameters") or []),
        page_size=call.page_size,
        continuation=call.headers.get("x-ms-continuation"),
        now_s=now_s,
    )


def _parameters(given: Value) -> dict[str, Value]:
    check_depth(given)
    try:
        return {parameter["name"]: parameter["value"] for parameter in given}
    except (TypeError, KeyError):
        raise bad_request("Each query parameter needs a name and a value.") from None


def read_all_question(call: Call) -> Question:
    return Question(
        text="SELECT * FROM c",
        page_size=call.page_size,
        continuation=call.headers.get("x-ms-continuation"),
    )


def feed(call: Call, name: str, owner_rid: str, resources: list[Document]) -> Reply:
    """A page of `resources`, filtered where the call is a query."""
    question = question_of(call, 0) if call.is_query else read_all_question(call)
    numbered = [((f"{place:08}",), resource) for place, resource in enumerate(resources)]
    page = answer(
        question,
        lambda wanted: [
            entry for entry in numbered if wanted.start is None or entry[0] >= wanted.start
        ],
    )
    return feed_reply(name, owner_rid, [raw(row) for row in page.rows], page.continuation)


def feed_reply(
    name: str, owner_rid: str, rows: list[Value], continuation: str | None, charge: float = 1.0
) -> Reply:
    headers = {"x-ms-item-count": str(len(rows))}
    if continuation is not None:
        headers["x-ms-continuation"] = continuation
    return Reply(200, {"_rid": owner_rid, name: rows, "_count": len(rows)}, headers, charge)
