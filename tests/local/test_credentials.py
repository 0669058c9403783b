"""Keys: made once for each folder, kept, readable by their owner alone."""

import base64
import json
import stat
from dataclasses import asdict
from pathlib import Path

import pytest

from local.configuration import app_settings, write_settings
from local.credentials import CredentialsUnusable, credentials
from local.ports import Ports
from shared.platform.settings import Settings


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_they_are_kept(tmp_path: Path) -> None:
    made = credentials(tmp_path / "data")
    assert credentials(tmp_path / "data") == made
    assert mode(tmp_path / "data" / "credentials.json") == 0o600


def test_each_folder_has_its_own(tmp_path: Path) -> None:
    one, two = (asdict(credentials(tmp_path / name)) for name in ("one", "two"))
    same = {name for name in one if one[name] == two[name]}
    assert same == {"storage_account"}


def test_each_key_is_another_and_long(tmp_path: Path) -> None:
    made = asdict(credentials(tmp_path))
    del made["storage_account"], made["livekit_key"]
    assert len(set(made.values())) == len(made)
    assert all(len(value) >= 32 for value in made.values())


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"cosmos_key": 5}', "\x00"])
def test_a_broken_file_is_told_with_the_remedy_and_left_alone(tmp_path: Path, content: str) -> None:
    file = tmp_path / "credentials.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CredentialsUnusable, match="Delete that file") as refused:
        credentials(tmp_path)
    assert str(refused.value).startswith(f"{file} cannot be used: ")
    assert "\n" not in str(refused.value)
    assert file.read_text(encoding="utf-8") == content


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "credentials.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CredentialsUnusable, match="cannot be used"):
        credentials(tmp_path)


def test_one_key_that_is_missing_is_named(tmp_path: Path) -> None:
    kept = asdict(credentials(tmp_path))
    del kept["master_key"]
    (tmp_path / "credentials.json").write_text(json.dumps(kept), encoding="utf-8")
    with pytest.raises(CredentialsUnusable, match=r"keys are missing \(master_key\)"):
        credentials(tmp_path)


def test_they_come_again_once_the_file_is_deleted(tmp_path: Path) -> None:
    (tmp_path / "credentials.json").write_text("{", encoding="utf-8")
    (tmp_path / "credentials.json").unlink()
    assert credentials(tmp_path) == credentials(tmp_path)


@pytest.mark.parametrize(
    ("name", "size"), [("storage_key", 64), ("cosmos_key", 64), ("communication_key", 64)]
)
def test_account_keys_have_azures_form(tmp_path: Path, name: str, size: int) -> None:
    key = getattr(credentials(tmp_path), name)
    assert len(base64.b64decode(key, validate=True)) == size


def test_settings_are_whole_and_for_their_owner_alone(tmp_path: Path) -> None:
    keys = credentials(tmp_path)
    values = app_settings(Ports(), keys, "-----BEGIN CERTIFICATE-----", tmp_path / "keys")
    file = tmp_path / "deep" / "local.settings.json"
    write_settings(file, values)
    write_settings(file, values)
    assert mode(file) == 0o600
    read = json.loads(file.read_text(encoding="utf-8"))
    assert read == {"IsEncrypted": False, "Values": values}
    settings = Settings.model_validate(values)
    assert settings.public_base_url == "http://127.0.0.1:7071"
    given = settings.model_dump()
    in_azure_only = {name for name, value in given.items() if value is None}
    assert in_azure_only == {
        *("cosmos_endpoint", "service_bus_namespace", "blob_service_uri", "identity_client_id"),
        *("key_vault_uri", "captcha_secret", "captcha_verify_url"),
    }


def test_every_setting_of_the_example_has_a_known_name(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    text = (root / "local.settings.json.example").read_text(encoding="utf-8")
    example = set(json.loads(text)["Values"])
    assert set(app_settings(Ports(), credentials(tmp_path), "", tmp_path)) <= example
