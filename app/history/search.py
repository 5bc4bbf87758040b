"""Looking through one's own drawings: what a search asks for, and one page of what it finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from app.accounts.tables import User
from app.arguments import day, midnight, one_of
from app.extensions import db
from app.history.tables import Drawing
from app.recognition.alphabets import ALPHABETS

PER_PAGE = 24
SOURCES = ("draw", "upload")
VERDICTS = ("right", "wrong", "open")
NEWEST_FIRST = (Drawing.predicted_at.desc(), Drawing.created_at.desc(), Drawing.id)
"""A receipt knows its time to the second only."""


@dataclass(frozen=True)
class Search:
    """What to look for; "" and None ask for nothing.

    Attributes:
        character: what it was read as, or what the person said it is; its case counts.
        alphabet: the name of one.
        source: one of SOURCES.
        verdict: one of VERDICTS; "open" is what nobody has judged.
        since, until: days (UTC), both included.
    """

    character: str = ""
    alphabet: str = ""
    source: str = ""
    verdict: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> "Search":
        """From the fields of an address, which anybody can write: what makes no sense is not asked for."""
        return cls(
            character=fields.get("character", "").strip()[:1],
            alphabet=one_of(fields.get("alphabet"), ALPHABETS),
            source=one_of(fields.get("source"), SOURCES),
            verdict=one_of(fields.get("verdict"), VERDICTS),
            since=day(fields.get("since")),
            until=day(fields.get("until")),
        )

    @property
    def fields(self) -> dict[str, str]:
        """The same as fields of an address, without the empty ones."""
        return {name: str(value) for name, value in vars(self).items() if value}

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a row has to fulfil."""
        is_right = Drawing.label == Drawing.predicted
        verdicts = {"right": is_right, "wrong": ~is_right, "open": Drawing.label.is_(None)}
        asked: list[ColumnElement[bool] | None] = [
            or_(Drawing.predicted == self.character, Drawing.label == self.character)
            if self.character
            else None,
            Drawing.alphabet == self.alphabet if self.alphabet else None,
            Drawing.source == self.source if self.source else None,
            verdicts.get(self.verdict),
            Drawing.predicted_at >= midnight(self.since) if self.since else None,
            Drawing.predicted_at < midnight(self.until) + timedelta(days=1) if self.until else None,
        ]
        return [condition for condition in asked if condition is not None]


@dataclass(frozen=True)
class Found:
    """One page of drawings, the newest first."""

    drawings: Sequence[Drawing]
    total: int
    page: int
    num_pages: int


def find(user: User, search: Search, page: int = 1) -> Found:
    """The drawings of `user` that `search` asks for; a page beyond the last is the last."""
    conditions = [Drawing.user_id == user.id, *search.conditions()]
    total = db.session.scalar(select(func.count()).where(*conditions)) or 0
    num_pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), num_pages)
    rows = select(Drawing).where(*conditions).order_by(*NEWEST_FIRST)
    drawings = db.session.scalars(rows.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return Found(drawings, total, page, num_pages)


def latest(user: User, limit: int) -> Sequence[Drawing]:
    """The newest drawings of `user`."""
    rows = select(Drawing).where(Drawing.user_id == user.id)
    return db.session.scalars(rows.order_by(*NEWEST_FIRST).limit(limit)).all()
