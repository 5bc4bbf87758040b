"""Every setting: name, default, unit, meaning. An environment variable of the same name changes it."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from limits import parse_many

ROOT = Path(__file__).parent.parent

MIN_KEY_CHARACTERS = 32
"""Of a key in a file; those that we make have 64."""


@dataclass(frozen=True)
class Setting:
    """One row of doc/settings.md. The type of `default` is the type of the setting."""

    name: str
    default: str | int
    unit: str
    description: str
    choices: tuple[str, ...] = ()


SETTINGS = (
    Setting(
        "APP_ENV",
        "production",
        "",
        "`development` sends cookies over HTTP too.",
        ("production", "development"),
    ),
    Setting(
        "SECRET_KEY", "", "", "Signs cookies and receipts. Empty: made once, in `INSTANCE_DIR/secret_key`."
    ),
    Setting("INSTANCE_DIR", "instance", "path", "Where this installation keeps its files."),
    Setting("DATABASE_URL", "", "URL", "SQLAlchemy's URL. Empty: `INSTANCE_DIR/samples.sqlite`."),
    Setting("HOST", "127.0.0.1", "address", "Where `python main.py` listens."),
    Setting(
        "PORT",
        5000,
        "port",
        "Where `python main.py` listens; gunicorn, too, where it is set and `--bind` says nothing else.",
    ),
    Setting(
        "INFERENCE_ENGINE", "litert", "", "Runs the networks; `keras` needs TensorFlow.", ("litert", "keras")
    ),
    Setting("MAX_BODY_BYTES", 10 * 2**20, "bytes", "Largest request and largest image."),
    Setting(
        "MAX_IMAGE_PIXELS",
        50_000_000,
        "pixels",
        "Largest width × height of an image; a third of it in colour, unless as JPEG.",
    ),
    Setting("MAX_IMAGE_SIDE_PX", 12_000, "pixels", "Longest side of an image."),
    Setting("MAX_PAGES", 50, "pages", "Most pages in one request, all its files together."),
    Setting("LINKS", "on", "", "`off`: pictures come as files only, never by a link.", ("on", "off")),
    Setting("LINK_TIMEOUT_S", 5, "seconds", "How long fetching a link may take in all; never off."),
    Setting("LINK_MAX_BYTES", 5 * 2**20, "bytes", "Most that is fetched by a link; never off."),
    Setting(
        "LINK_ALLOW_PRIVATE",
        "off",
        "",
        "`on`: links may lead to this machine and any port; refused outside development.",
        ("off", "on"),
    ),
    Setting("MAX_STROKE_POINTS", 10_000, "points", "Most points in one drawing."),
    Setting("MAX_STROKES", 500, "strokes", "Most strokes in one drawing."),
    Setting("RECOGNIZE_RATE_LIMIT", "900 per minute", "rate", "Recognitions for one address."),
    Setting("READ_RATE_LIMIT", "120 per minute", "rate", "Pages read for one address, from files or links."),
    Setting("FEEDBACK_RATE_LIMIT", "60 per minute", "rate", "Answers kept from one address."),
    Setting("HISTORY_RATE_LIMIT", "120 per minute", "rate", "Drawings kept for members, from one address."),
    Setting(
        "RATE_LIMIT_STORAGE_URL",
        "",
        "URL",
        "`redis://…` for many machines. Empty: `INSTANCE_DIR/rates.sqlite`.",
    ),
    Setting("RECEIPT_MAX_AGE_S", 86_400, "seconds", "How long a prediction can be answered with yes or no."),
    Setting("TRUSTED_PROXIES", 0, "proxies", "Reverse proxies whose `X-Forwarded-For` and `-Proto` count."),
    Setting(
        "SITE_URL",
        "",
        "origin",
        "How links in mails begin: `https://hand.example.org`. Without it, only development sends any.",
    ),
    Setting("LOGIN_RATE_LIMIT", "10 per minute", "rate", "Passwords tried from one address for one account."),
    Setting(
        "ACCOUNT_RATE_LIMIT",
        "30 per minute",
        "rate",
        "Passwords tried from one address at all; other account forms from it.",
    ),
    Setting("LETTER_RATE_LIMIT", "6 per hour", "rate", "Links sent to one mailbox, whoever asks for them."),
    Setting("SMTP_HOST", "", "host", "Server that takes our mails. Empty: files in `INSTANCE_DIR/mails/`."),
    Setting("SMTP_PORT", 587, "port", "Where it listens; with `SMTP_SECURITY=tls` mostly 465."),
    Setting("SMTP_USER", "", "", "Logs in there. Empty: no login."),
    Setting("SMTP_PASSWORD", "", "", "The password of `SMTP_USER`."),
    Setting(
        "SMTP_SECURITY",
        "starttls",
        "",
        "`starttls`; `tls` from the first byte; `none`.",
        ("starttls", "tls", "none"),
    ),
    Setting("MAIL_FROM", "Legible <legible@localhost>", "mailbox", "The sender of our mails."),
    Setting("MAIL_RELAY", "on", "", "`off`: only `flask mail deliver` sends mails.", ("on", "off")),
    Setting(
        "GOOGLE_CREDENTIALS",
        "",
        "path or JSON",
        "Key of the Google service account that writes to the spreadsheet. Empty: deliveries wait.",
    ),
    Setting("SHEETS_TITLE", "Handwriting-recognition", "", "The title of the spreadsheet."),
    Setting("SHEETS_ID", "", "id or URL", "The spreadsheet itself, where several have that title."),
    Setting("SHEETS_DIGIT", "Digit", "", "Its worksheet for digits."),
    Setting("SHEETS_CHARACTER", "Character", "", "Its worksheet for letters."),
    Setting("SHEETS_COMBINED", "Combined", "", "Its worksheet for what was read as a digit or a letter."),
    Setting(
        "SHEETS_RELAY", "on", "", "`off`: only `flask sheets deliver` fills the spreadsheet.", ("on", "off")
    ),
    Setting(
        "MAIL_DAYS",
        30,
        "days",
        "How long `flask forget` leaves mails that were sent or refused; 0: for ever.",
    ),
    Setting("AUDIT_LOG_DAYS", 365, "days", "How long it leaves rows of the audit log; 0: for ever."),
)


class BadSetting(ValueError):
    """A setting has a value it cannot have."""


def load_settings(overrides: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """All settings by name; `overrides` win over the environment, the environment over defaults.

    Names in `overrides` that are no settings of ours (Flask's, an extension's) are passed on as they are.
    Raises BadSetting.
    """
    values = {s.name: _checked(s, overrides.get(s.name, environ.get(s.name, s.default))) for s in SETTINGS}
    _check_links(values)
    instance = (ROOT / str(values["INSTANCE_DIR"])).resolve()
    values["INSTANCE_DIR"] = str(instance)
    values["DATABASE_URL"] = values["DATABASE_URL"] or f"sqlite:///{instance / 'samples.sqlite'}"
    values["RATE_LIMIT_STORAGE_URL"] = (
        values["RATE_LIMIT_STORAGE_URL"] or f"sqlite:///{instance / 'rates.sqlite'}"
    )
    return {**overrides, **values}


def flask_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What Flask and its extensions call our settings."""
    max_body_bytes = settings["MAX_BODY_BYTES"] or None
    return {
        "SECRET_KEY": settings["SECRET_KEY"] or shared_secret_key(Path(settings["INSTANCE_DIR"])),
        "MAX_CONTENT_LENGTH": max_body_bytes,
        "MAX_FORM_MEMORY_SIZE": max_body_bytes,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings["APP_ENV"] != "development",
        "REMEMBER_COOKIE_DURATION": timedelta(days=30),
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": settings["APP_ENV"] != "development",
        "WTF_CSRF_TIME_LIMIT": None,  # a token lives as long as the session it belongs to
        "SQLALCHEMY_DATABASE_URI": settings["DATABASE_URL"],
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_pre_ping": True,  # a restarted PostgreSQL leaves dead connections
            "hide_parameters": True,  # errors are logged, and a mail may hold a link that opens an account
        },
    }


def shared_secret_key(instance: Path) -> str:
    """The key in `instance/secret_key`, made by the first process to need it; its owner alone can read it.

    Raises BadSetting for a key that anybody could guess, such as that of a file which lost what was in it.
    """
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        draft = instance / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        _sync(draft)
        _link_once(draft, path)
        _sync(instance)
    key = path.read_text()
    if len(key.strip()) < MIN_KEY_CHARACTERS:
        raise BadSetting(
            f"{path} holds {len(key.strip())} characters, and a key needs at least {MIN_KEY_CHARACTERS}. Bring it back "
            "from a backup, or delete it: a new one is made then, and everybody has to sign in again."
        )
    return key


def _sync(path: Path) -> None:
    """Have a file, or the names in a folder, survive a power failure."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _link_once(draft: Path, path: Path) -> None:
    """Give the complete file its name unless another process was faster; nobody reads half a key."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _checked(setting: Setting, value: object) -> str | int:
    """`value` in the type of the setting. Raises BadSetting."""
    if isinstance(setting.default, int):
        return _whole_number(setting, value)
    text = str(value)
    if setting.choices and text not in setting.choices:
        raise BadSetting(f"{setting.name} must be one of {', '.join(setting.choices)}, not {text!r}.")
    if setting.unit == "rate" and text:
        _check_rate(setting, text)
    if setting.unit == "origin" and text:
        return _origin(setting, text)
    if setting.unit == "mailbox":
        _check_mailbox(setting, text)
    return text


def _check_links(values: Mapping[str, str | int]) -> None:
    """What would let a link reach into the network behind us, or hold a thread for ever, never starts."""
    if values["LINK_ALLOW_PRIVATE"] == "on" and values["APP_ENV"] != "development":
        raise BadSetting(
            "LINK_ALLOW_PRIVATE=on needs APP_ENV=development: strangers would reach your network."
        )
    for name in ("LINK_TIMEOUT_S", "LINK_MAX_BYTES"):
        if not values[name]:
            raise BadSetting(
                f"{name} must be 1 or more: a link has no other bound. LINKS=off turns links off."
            )


def _whole_number(setting: Setting, value: object) -> int:
    text = str(value).replace("_", "")
    if not text.isdecimal():
        raise BadSetting(
            f"{setting.name} must be a whole number of {setting.unit}, 0 or more, not {value!r}."
        )
    return int(text)


def _check_rate(setting: Setting, text: str) -> None:
    try:
        parse_many(text)
    except ValueError as error:
        raise BadSetting(f'{setting.name} must be a rate such as "60 per minute", not {text!r}.') from error


def _origin(setting: Setting, text: str) -> str:
    origin = text.rstrip("/")
    if not re.fullmatch(r"https?://[\w.-]+(:\d+)?", origin, re.ASCII):
        raise BadSetting(f"{setting.name} must be like “https://hand.example.org”, no path, not {text!r}.")
    return origin


def _check_mailbox(setting: Setting, text: str) -> None:
    address = parseaddr(text)[1]
    if not (text.isprintable() and address.isascii() and re.fullmatch(r"[^\s@]+@[^\s@]+", address)):
        raise BadSetting(
            f"{setting.name} must be an address, with or without a name: “Ink <ink@example.org>”, not {text!r}."
        )
