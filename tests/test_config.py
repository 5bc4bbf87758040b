"""Settings: where a value comes from, and what is refused."""

import os
import re
import stat
from pathlib import Path

import pytest

from app import create_app
from app.config import ROOT, SETTINGS, BadSetting, Setting, flask_settings, load_settings, shared_secret_key

DOCUMENT = ROOT / "doc" / "settings.md"


def row(setting: Setting) -> str:
    """A setting as doc/settings.md has to show it."""
    default = "*empty*" if setting.default == "" else f"`{setting.default}`"
    return f"| `{setting.name}` | {default} | {setting.unit} | {setting.description} |"


def test_default_is_used_when_nothing_is_set() -> None:
    assert load_settings({}, environ={})["MAX_STROKES"] == 500


def test_environment_changes_a_setting() -> None:
    assert load_settings({}, environ={"PORT": "8080"})["PORT"] == 8080


def test_argument_wins_over_the_environment() -> None:
    assert load_settings({"PORT": 1}, environ={"PORT": "2"})["PORT"] == 1


def test_other_names_are_passed_on() -> None:
    assert load_settings({"TESTING": True}, environ={})["TESTING"] is True


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("MAX_STROKES", "-1"),
        ("MAX_STROKES", "1.5"),
        ("APP_ENV", "staging"),
        ("INFERENCE_ENGINE", "torch"),
        ("FEEDBACK_RATE_LIMIT", "often"),
        ("SITE_URL", "hand.example.org"),
        ("SITE_URL", "https://hand.example.org/path"),
        ("MAIL_FROM", "Legible"),
        ("MAIL_FROM", "Legible <legible@example.org>\nBcc: eve@example.org"),
        ("MAIL_FROM", "Legible <légible@example.org>"),
        ("SMTP_SECURITY", "ssl"),
    ],
)
def test_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        load_settings({}, environ={name: value})


@pytest.mark.parametrize("name", [s.name for s in SETTINGS if s.name.startswith("MAX_")])
def test_limits_can_be_turned_off(name: str) -> None:
    assert load_settings({name: 0}, environ={})[name] == 0


def test_body_limit_of_zero_is_no_limit(tmp_path: Path) -> None:
    settings = load_settings({"MAX_BODY_BYTES": 0, "INSTANCE_DIR": str(tmp_path)}, environ={})
    assert flask_settings(settings)["MAX_CONTENT_LENGTH"] is None


def test_database_is_a_file_of_the_instance_unless_set(tmp_path: Path) -> None:
    assert load_settings({"INSTANCE_DIR": str(tmp_path)}, environ={})["DATABASE_URL"].startswith(
        f"sqlite:///{tmp_path}"
    )
    assert (
        load_settings({"DATABASE_URL": "postgresql://x/y"}, environ={})["DATABASE_URL"] == "postgresql://x/y"
    )


def test_secret_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    first, second = shared_secret_key(tmp_path), shared_secret_key(tmp_path)
    assert first == second
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_slower_process_takes_the_key_of_the_faster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faster = shared_secret_key(tmp_path)
    answers = iter([False, True])
    monkeypatch.setattr(Path, "exists", lambda _path: next(answers))
    assert shared_secret_key(tmp_path) == faster


@pytest.mark.parametrize("key", ["", "\n" * 64, "k" * 31])
def test_key_that_is_too_short_is_refused(tmp_path: Path, key: str) -> None:
    (tmp_path / "secret_key").write_text(key)
    with pytest.raises(BadSetting, match=r"secret_key holds .* delete it"):
        shared_secret_key(tmp_path)


def test_new_key_is_on_the_disk_before_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int | list[str]] = []

    def note(handle: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        synced.append(os.listdir(handle) if is_folder else os.fstat(handle).st_size)

    monkeypatch.setattr("app.config.os.fsync", note)
    key = shared_secret_key(tmp_path)
    assert synced == [len(key), ["secret_key"]]


def test_cookies_are_secure_unless_in_development(tmp_path: Path) -> None:
    production = create_app({"INSTANCE_DIR": str(tmp_path)})
    development = create_app({"INSTANCE_DIR": str(tmp_path), "APP_ENV": "development"})
    assert production.config["SESSION_COOKIE_SECURE"]
    assert not development.config["SESSION_COOKIE_SECURE"]


def test_document_has_every_setting_as_it_is() -> None:
    rows = re.findall(r"^\| `.*$", DOCUMENT.read_text(), re.MULTILINE)
    assert rows == [row(setting) for setting in SETTINGS]
