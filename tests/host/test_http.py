"""HTTP through real sockets: what a function receives, and what of its answer goes back."""

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from tests.host.starting import Served, eventually, serve

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_function_sees_the_whole_request(web: Served) -> None:
    headers = [("X-Two", "a"), ("X-Two", "b"), ("traceparent", TRACE), ("tracestate", "v=1")]
    answer = web.client.post(
        "/api/echo/b%20c/7?x=1&x=2&empty=&y=%C3%BC+u", headers=headers, content=b"\x00\xff"
    )
    document = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert document["method"] == "POST"
    assert document["route"] == {"first": "b c", "number": "7"}
    assert document["query"] == {"x": "1,2", "y": "ü u"}
    assert document["headers"]["x-two"] == "a,b"
    assert document["body"] == "\x00\xff"
    assert document["url"].endswith("/api/echo/b%20c/7?x=1&x=2&empty=&y=%C3%BC+u")
    assert document["function"] == "echo"
    assert document["invocation_id"] == answer.headers["x-ms-invocation-id"]
    assert (document["trace_parent"], document["trace_state"]) == (TRACE, "v=1")


def test_a_request_without_a_trace_begins_one(web: Served) -> None:
    traces = {web.get("/api/echo/a").json()["trace_parent"].split("-")[1] for _ in range(3)}
    assert len(traces) == 3
    broken = web.get("/api/echo/a", headers={"traceparent": "nonsense"}).json()
    assert len(broken["trace_parent"]) == 55


def test_routes_ignore_case_and_a_slash_at_the_end(web: Served) -> None:
    assert web.get("/API/Echo/Some/").json()["route"] == {"first": "Some"}


def test_of_two_that_fit_the_function_with_the_earlier_name_answers(web: Served) -> None:
    assert web.get("/api/echo/me").json()["route"] == {"first": "me"}  # echo, not literal
    assert web.get("/api/early/me").text == "the literal"  # a_literal, not echo_early
    assert web.client.post("/api/early/me").json()["route"] == {"first": "me"}

    def warned() -> bool:
        lines = [line for line in web.lines() if line.get("event") == "route never reached"]
        found = [(line["function"], line["method"], line["answered_by"]) for line in lines]
        return found == [("literal", "GET", "echo")]

    assert eventually(warned)


def test_a_constraint_that_does_not_hold_is_not_found(web: Served) -> None:
    assert web.get("/api/echo/a/seven").status_code == 404


def test_the_rest_of_a_path(web: Served) -> None:
    assert web.get("/api/files/a/b%2Fc/d.txt").text == "a/b%2Fc/d.txt"
    assert web.get("/api/files").text == "nothing"


def test_dots_cannot_leave_a_prefix(web: Served) -> None:
    with socket.create_connection(("127.0.0.1", web.client.base_url.port or 0)) as raw:
        raw.sendall(b"GET /api/files/../../admin/functions HTTP/1.1\r\nHost: x\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 401")


def test_unknown_paths_and_methods(web: Served) -> None:
    assert web.get("/api/unknown").status_code == 404
    assert web.get("/elsewhere").status_code == 404
    refused = web.client.delete("/api/echo/a")
    assert (refused.status_code, refused.content) == (404, b"")  # Azure's host knows no 405

    def said() -> list[object]:
        events = [line for line in web.lines() if line.get("event") == "method not served"]
        return [(line["method"], line["path"], line["served"]) for line in events]

    assert ("DELETE", "/api/echo/a", ["GET", "POST"]) in eventually(said)


def test_head_and_options_are_served_only_where_declared(web: Served) -> None:
    assert web.client.head("/api/text").status_code == 404
    assert web.client.options("/api/text").status_code == 404
    head = web.client.head("/api/cookies")
    assert (head.status_code, head.content) == (302, b"")
    assert web.client.request("OPTIONS", "/api/any").text == "OPTIONS"
    assert web.client.request("PROPFIND", "/api/any").text == "PROPFIND"


def test_bare_text_is_an_answer(web: Served) -> None:
    answer = web.get("/api/text")
    assert answer.text == "grüß dich"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_cookies_and_status_go_back(web: Served) -> None:
    answer = web.get("/api/cookies")
    assert (answer.status_code, answer.headers["location"]) == (302, "/elsewhere")
    first, second = answer.headers.get_list("set-cookie")
    assert first.startswith("session=abc;")
    assert {"HttpOnly", "Secure", "SameSite=Strict", "Path=/"} <= set(first.split("; "))
    assert second == "theme=dark; Max-Age=60"


def test_failures_are_500_without_a_word_of_the_reason(web: Served) -> None:
    for name in ("raises", "cancels", "exits", "nothing", "broken-header"):
        answer = web.get(f"/api/{name}")
        assert (name, answer.status_code, answer.content) == (name, 500, b"")
        assert "Injected" not in answer.headers
    assert web.get("/api/text").status_code == 200

    def reason() -> str:
        failed = [line for line in web.lines() if line.get("outcome") == "failed"]
        return next((str(line["stack"]) for line in failed if line["function"] == "raises"), "")

    assert "the secret reason" in eventually(reason)


def test_sync_functions_run_in_the_pool_of_the_engine(web: Served) -> None:
    assert web.get("/api/thread").text.startswith("ThreadPoolExecutor")


def test_context_variables_do_not_leak_from_request_to_request(web: Served) -> None:
    assert [web.get("/api/context").text for _ in range(3)] == ["0", "0", "0"]


def test_requests_run_at_the_same_time(web: Served) -> None:
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(web.get, "/api/wait") for _ in range(2)]
        assert web.client.post("/api/open").text == "opened"
        assert [each.result(timeout=10).text for each in waiting] == ["waited", "waited"]


def test_large_bodies_up_to_the_limit(web: Served) -> None:
    body = bytes(20 * 1024 * 1024)
    assert web.client.post("/api/size", content=body).text == str(len(body))
    assert web.client.post("/api/size", content=b"").text == "0"

    def pieces() -> "list[bytes]":
        return [b"ab", b"cde"]

    assert web.client.post("/api/size", content=iter(pieces())).text == "5"


def test_a_body_over_the_limit_is_refused_by_its_length(web: Served) -> None:
    with socket.create_connection(("127.0.0.1", web.client.base_url.port or 0)) as raw:
        raw.sendall(b"POST /api/size HTTP/1.1\r\nHost: x\r\nContent-Length: 104857601\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 413")


def test_a_client_that_expects_to_continue_is_told_to(web: Served) -> None:
    with socket.create_connection(("127.0.0.1", web.client.base_url.port or 0)) as raw:
        raw.sendall(
            b"POST /api/size HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
            b"Expect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        assert raw.recv(100).startswith(b"HTTP/1.1 100")
        raw.sendall(b"abc")
        rest = b""
        while piece := raw.recv(1000):
            rest += piece
        assert rest.startswith(b"HTTP/1.1 200")
        assert rest.endswith(b"3")


def test_a_disabled_function_is_not_there(web: Served) -> None:
    assert web.get("/api/off").status_code == 404


def test_what_the_app_says_reaches_the_log(web: Served) -> None:
    web.get("/api/says")
    logged = eventually(lambda: [x for x in web.lines() if x.get("event") == "logged by the app"])
    assert (logged[0]["logger"], logged[0]["amount"]) == ("the.app", 3)
    assert logged[0]["invocation_id"]
    eventually(lambda: "printed by the app" in web.log.read_text())


def test_a_body_as_large_as_it_may_be_does_not_hold_up_others(web: Served) -> None:
    limit = 100 * 1024 * 1024
    piece = bytes(1 << 20)
    sent = []

    def slowly() -> Iterator[bytes]:
        for number in range(limit // len(piece)):
            if number % 25 == 24:
                sent.append(web.get("/api/text").status_code)
            yield piece

    headers = {"Content-Length": str(limit)}
    assert web.client.post("/api/size", content=slowly(), headers=headers).text == str(limit)
    assert sent == [200] * 4


def test_a_body_that_grows_over_the_limit_is_refused(folder: Path) -> None:
    served = serve("web", folder, {"FUNCTIONS_REQUEST_BODY_SIZE_LIMIT": 1000})
    try:
        assert served.client.post("/api/size", content=bytes(1000)).text == "1000"
        assert served.client.post("/api/size", content=bytes(1001)).status_code == 413
        with socket.create_connection(("127.0.0.1", served.client.base_url.port or 0)) as raw:
            raw.sendall(
                b"POST /api/size HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + b"200\r\n"
                + bytes(0x200)
                + b"\r\n200\r\n"
                + bytes(0x200)
                + b"\r\n"
            )
            assert raw.recv(100).startswith(b"HTTP/1.1 413")
    finally:
        served.client.close()
        served.process.stop()


def test_each_run_is_framed_by_two_lines_in_the_real_hosts_words(web: Served) -> None:
    answer = web.get("/api/text", headers={"traceparent": TRACE})
    invocation_id = answer.headers["x-ms-invocation-id"]

    def about_it() -> list[dict[str, object]]:
        return [line for line in web.lines() if line.get("invocation_id") == invocation_id]

    eventually(lambda: len(about_it()) == 2)
    begun, ended = about_it()
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", invocation_id
    )
    assert (begun["event"], begun["level"], begun["logger"]) == (
        "invocation.started",
        "INFO",
        "local.host",
    )
    assert begun["message"] == (
        "Executing 'Functions.text' (Reason='This function was programmatically called via the "
        f"host APIs.', Id={invocation_id})"
    )
    assert re.fullmatch(
        rf"Executed 'Functions\.text' \(Succeeded, Id={invocation_id}, Duration=\d+ms\)",
        str(ended["message"]),
    )
    assert (ended["event"], ended["outcome"]) == ("invocation", "succeeded")
    for line in (begun, ended):
        assert (line["function"], line["trigger"]) == ("text", "httpTrigger")
        assert line["trace_id"] == TRACE.split("-")[1]
        assert datetime.fromisoformat(str(line["time"])).tzinfo == UTC


def test_a_failed_run_says_so_in_the_same_words(web: Served) -> None:
    invocation_id = web.get("/api/raises").headers["x-ms-invocation-id"]

    def ends() -> list[str]:
        lines = [line for line in web.lines() if line.get("invocation_id") == invocation_id]
        return [str(line["message"]) for line in lines if line.get("outcome") == "failed"]

    (message,) = eventually(ends)
    start = f"Executed 'Functions.raises' (Failed, Id={invocation_id}, Duration="
    assert message.startswith(start)
