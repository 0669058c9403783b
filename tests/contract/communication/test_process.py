"""The recorder as a part of the local Azure, with the synchronous SDKs; and what kill -9 leaves."""

import base64
import json
import socket
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from azure.communication.email import EmailClient
from azure.communication.sms import SmsClient
from azure.core.credentials import AzureKeyCredential
from azure.core.pipeline.transport import RequestsTransport

from local.process import PartFailed, Process, python_part, start
from tests.contract.communication.running import KEY, SENDER, TO, mail

CREDENTIAL = AzureKeyCredential(KEY)


def started(folder: Path, *arguments: str, key: str = KEY) -> Process:
    command = python_part("local.communication", "--port", "0", *arguments)
    env = {"LOCAL_PART_KEY": key}
    return start("communication", command, log=folder / "log", env=env)


@contextmanager
def sms_client(process: Process) -> Iterator[Any]:
    """The synchronous client cannot be closed, its transport can; its annotations are wrong."""
    with RequestsTransport() as transport:
        yield SmsClient(process.ready["url"], CREDENTIAL, transport=transport)


def messages(process: Process) -> list[dict[str, Any]]:
    with urllib.request.urlopen(process.ready["url"] + "/_local/messages", timeout=5) as answer:
        return list(json.load(answer)["items"])


def test_synchronous_sdks_send(tmp_path: Path) -> None:
    process = started(tmp_path)
    try:
        with sms_client(process) as sms:
            results = sms.send(SENDER, [TO, "nope"], "Hi")
        with EmailClient(process.ready["url"], CREDENTIAL) as email:
            sent = email.begin_send(mail()).result()
        assert [result.successful for result in results] == [True, False]
        assert sent["status"] == "Succeeded"
        assert [one["channel"] for one in messages(process)] == ["email", "sms"]
    finally:
        process.stop()
    assert process.popen.returncode == 0


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    operation = str(uuid.uuid4())
    content = base64.b64encode(b"attached").decode()
    attachment = {"name": "a", "contentType": "text/plain", "contentInBase64": content}
    process = started(tmp_path, "--data", str(tmp_path / "data"))
    with sms_client(process) as sms:
        for number in range(20):
            sms.send(SENDER, TO, f"message {number}")
    with EmailClient(process.ready["url"], CREDENTIAL) as email:
        email.begin_send(mail(attachments=[attachment]), operation_id=operation)
    process.kill()
    again = started(tmp_path, "--data", str(tmp_path / "data"))
    try:
        kept = messages(again)
        assert [one["text"] for one in kept[1:]] == [f"message {n}" for n in reversed(range(20))]
        place = again.ready["url"] + kept[0]["attachments"][0]["url"]
        with urllib.request.urlopen(place, timeout=5) as answer:
            assert answer.read() == b"attached"
        with EmailClient(again.ready["url"], CREDENTIAL) as email:
            assert email.begin_send(mail(), operation_id=operation).result()["id"] == operation
        assert len(messages(again)) == 21
    finally:
        again.stop()


def test_without_a_folder_nothing_is_kept(tmp_path: Path) -> None:
    process = started(tmp_path)
    with sms_client(process) as sms:
        sms.send(SENDER, TO, "Hi")
    process.stop()
    again = started(tmp_path)
    try:
        assert messages(again) == []
    finally:
        again.stop()


def test_sigterm_ends_it_while_somebody_watches(tmp_path: Path) -> None:
    process = started(tmp_path)
    with urllib.request.urlopen(process.ready["url"] + "/_local/events", timeout=5) as stream:
        assert stream.readline() == b"data: 0\n"
        process.stop(grace_s=5)
    assert process.popen.returncode == 0


@pytest.mark.parametrize("key", ["", "not base64!"])
def test_without_a_good_key_it_does_not_start(tmp_path: Path, key: str) -> None:
    with pytest.raises(PartFailed, match="access key"):
        started(tmp_path, key=key)


def test_busy_port_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(PartFailed, match=port):
            started(tmp_path, "--port", port)
