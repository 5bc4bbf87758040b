"""The zip with everything that is stored of one person."""

import io
import json
import tracemalloc
from datetime import datetime, timedelta
from typing import Any
from zipfile import ZipFile

from flask import Flask
from PIL import Image

from app.accounts.tables import AuditEntry
from app.accounts.tokens import create
from app.database import now
from app.extensions import db
from app.history.export import export
from app.history.tables import Drawing
from tests.fakes import SEVEN
from tests.members import Member

LITTLE_BYTES = 16 * 2**20


def unzipped(member: Member) -> dict[str, bytes]:
    with member.app.app_context(), export(member.user()) as file, ZipFile(file) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def data_of(member: Member) -> dict[str, Any]:
    return dict(json.loads(unzipped(member)["data.json"]))


def test_each_drawing_has_its_picture_and_its_strokes(member: Member) -> None:
    drawing_id = member.keep()
    files = unzipped(member)
    picture = Image.open(io.BytesIO(files[f"pictures/{drawing_id}.png"]))
    glyph = member.drawings()[0].glyph
    assert picture.size == (28, 28)
    assert bytes(255 - pixel for pixel in picture.tobytes()) == glyph
    assert json.loads(files["strokes.json"]) == {drawing_id: SEVEN}


def test_the_account_is_told_without_its_secrets(member: Member) -> None:
    files = unzipped(member)
    account = json.loads(files["data.json"])["account"]
    assert (account["email"], account["roles"], account["keeps_history"]) == (
        member.address,
        ["member"],
        True,
    )
    assert datetime.fromisoformat(account["created_at"]).tzinfo is not None
    assert b"argon2" not in files["data.json"]


def test_every_table_is_in_it(member: Member, app: Flask) -> None:
    member.say(receipt=member.draw()["receipt"], correct="no", label="1")
    member.post("/account/reset", email=member.address)
    with app.app_context():
        create(member.user(), "at home", ["read"])
    data = data_of(member)
    assert [each["label"] for each in data["drawings"]] == ["1"]
    assert [each["label"] for each in data["corrections"]] == ["1"]
    assert [each["name"] for each in data["tokens"]] == ["at home"]
    assert {"role_given", "password_asked_for", "token_created"} <= {
        each["act"] for each in data["audit_log"]
    }
    assert [each["subject"] for each in data["mails"]] == ["Choose a new password"]


def test_a_correction_that_is_no_drawing_has_its_picture_too(member: Member) -> None:
    member.say(receipt=member.draw()["receipt"], correct="yes")
    member.post("/account/drawings/delete-all")
    files = unzipped(member)
    [sample] = json.loads(files["data.json"])["corrections"]
    assert f"pictures/{sample['id']}.png" in files
    assert sample["id"] in json.loads(files["strokes.json"])


def test_nothing_of_anybody_else_is_in_it(member: Member, other: Member) -> None:
    other.say(receipt=other.draw()["receipt"], correct="no", label="1")
    other.post("/account/reset", email=other.address)
    everything = b"".join(unzipped(member).values())
    assert other.address.encode() not in everything
    assert other.drawings()[0].id.encode() not in everything
    assert {name for name in unzipped(member) if name.startswith("pictures/")} == set()


def log(member: Member, act: str, actor: Member | None = None, **columns: Any) -> None:
    """A row about `member`, from a network address and with a note."""
    entry = AuditEntry(act=act, about=member.address, actor_id=actor and actor.id, **columns)
    entry.address, entry.note = "192.0.2.7", "a note"
    with member.app.app_context():
        db.session.add(entry)
        db.session.commit()


def log_of(member: Member) -> list[tuple[str, str, str]]:
    rows = data_of(member)["audit_log"]
    return [(row["act"], row["address"], row["note"]) for row in rows if row["act"] != "role_given"]


def test_what_others_did_is_told_without_their_address_and_note(member: Member, other: Member) -> None:
    log(member, "login", actor=member)
    log(member, "disabled", actor=other)
    log(member, "login_failed")
    assert log_of(member) == [
        ("login", "192.0.2.7", "a note"),
        ("disabled", "", ""),
        ("login_failed", "", ""),
    ]


def test_nothing_is_told_of_who_had_the_address_before(member: Member) -> None:
    with member.app.app_context():
        registered_at = member.user().created_at
    log(member, "login", at=registered_at - timedelta(seconds=1))
    log(member, "password_changed", at=registered_at + timedelta(seconds=1))
    log(member, "email_changed", actor=member, at=now() + timedelta(seconds=2))
    log(member, "login_failed", at=now() + timedelta(seconds=3))
    assert [act for act, *_ in log_of(member)] == ["email_changed", "login_failed"]


def test_memory_does_not_grow_with_the_drawings(member: Member, app: Flask) -> None:
    member.keep()
    row = {column.name: getattr(member.drawings()[0], column.name) for column in Drawing.__table__.columns}
    long = [[[x / 10, 7.5] for x in range(2_000)]]
    with app.app_context():
        for i in range(200):  # of about 300 kB each as Python has them, 60 MB together
            db.session.add(Drawing(**{**row, "id": f"{i:032}", "strokes": long}))
        db.session.commit()
    with app.app_context():
        user = member.user()
        tracemalloc.start()
        export(user).close()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < LITTLE_BYTES, f"{peak / 2**20:.1f} MB"
