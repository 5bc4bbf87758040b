"""What an owner sees first: how much there is of everything, and the settings in force."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.accounts.tables import User
from app.config import SETTINGS, Setting, load_settings
from app.extensions import db
from app.mail.queue import mails_by_state
from app.samples.tables import Sample
from app.sheets.outbox import WAITING, deliveries_by_state

SECRET = re.compile("KEY|PASSWORD|SECRET|TOKEN|CREDENTIALS")
"""Names of settings whose values nobody gets to see; a new one with such a name is hidden without further ado."""


@dataclass(frozen=True)
class Counts:
    """How much there is."""

    users: int
    unconfirmed: int
    disabled: int
    samples: int
    corrections: int
    """Samples whose prediction was wrong."""
    deliveries_waiting: int
    deliveries_parked: int
    mails: Mapping[str, int]
    """By state."""


@dataclass(frozen=True)
class InForce:
    """One setting as the running server has it, fit to be seen."""

    setting: Setting
    value: str
    is_changed: bool
    is_secret: bool
    """`value` is then only whether there is one."""


def counts() -> Counts:
    """Of the current app's database."""
    users = select(
        func.count(), func.count().filter(User.confirmed_at.is_(None)), func.count().filter(~User.active)
    )
    samples = select(func.count(), func.count().filter(~Sample.correct)).select_from(Sample)
    deliveries = deliveries_by_state(db.session())
    return Counts(
        *db.session.execute(users.select_from(User)).one(),
        *db.session.execute(samples).one(),
        sum(deliveries[state] for state in WAITING),
        deliveries["parked"],
        mails_by_state(db.session()),
    )


def settings_in_force(config: Mapping[str, Any]) -> list[InForce]:
    """Every setting, in the order of doc/settings.md."""
    defaults = load_settings({"INSTANCE_DIR": config["INSTANCE_DIR"]}, environ={})
    defaults["INSTANCE_DIR"] = load_settings({}, environ={})["INSTANCE_DIR"]
    return [_in_force(setting, config[setting.name], defaults[setting.name]) for setting in SETTINGS]


def _in_force(setting: Setting, value: Any, default: Any) -> InForce:
    is_secret = SECRET.search(setting.name) is not None
    shown = ("set" if value else "not set") if is_secret else _without_password(str(value))
    return InForce(setting, shown, is_changed=value != default, is_secret=is_secret)


def _without_password(value: str) -> str:
    """A URL without its password, and without its query, which may hold one too; other texts as they are."""
    if "://" not in value:
        return value
    return re.sub(r"//([^:@]*):.*@", r"//\1:***@", re.sub(r"\?.*", "?***", value))
