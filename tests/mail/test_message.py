"""A mail as bytes: the whole of one, and that nothing of any is lost."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.message import address_of, domain_of, render
from app.mail.tables import Mail

GOLDEN = Path(__file__).with_name("confirmation.eml")
LINES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200)
BODIES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=500)


def mail(
    subject: str = "Grüße von Legible 👋", text: str = "Öffne dies:\n\nhttps://example.org/c/1\n"
) -> Mail:
    html = f"<p>{text}</p><p><a href='https://example.org/c/1?{'x' * 100}'>Öffne dies</a></p>"
    return Mail(
        message_id="<00112233445566778899aabbccddeeff@example.org>",
        recipient="ann@example.com",
        subject=subject,
        text=text,
        html=html,
        created_at=datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC),
    )


def parsed(given: Mail) -> EmailMessage:
    message = message_from_bytes(render(given, "legible@example.org"), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def content(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_whole_mail_is_as_it_should_be() -> None:
    assert render(mail(), "Légible <legible@example.org>") == GOLDEN.read_bytes().replace(b"\n", b"\r\n")


def test_mail_is_the_same_every_time() -> None:
    assert render(mail(), "legible@example.org") == render(mail(), "legible@example.org")


@given(LINES)
def test_any_subject_arrives(subject: str) -> None:
    assert "".join(parsed(mail(subject="Hello " + subject))["Subject"].split()) == "".join(
        ("Hello " + subject).split()
    )


@given(BODIES)
def test_any_text_arrives_in_both_parts(text: str) -> None:
    message = parsed(mail(text=text))
    assert content(message, "plain").replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    assert f"<p>{text}</p>" in content(message, "html").replace("\r\n", "\n")


@given(BODIES)
def test_bytes_are_ascii_in_short_lines(text: str) -> None:
    message = render(mail(text=text), "legible@example.org")
    assert message.isascii()
    assert max(map(len, message.split(b"\r\n"))) <= 998  # RFC 5321, 4.5.3.1.6
    assert b"\n" not in message.replace(b"\r\n", b"")


@pytest.mark.parametrize("sender", ["a@b.org", "A <a@b.org>", '"Ä, B" <a@b.org>'])
def test_sender_may_have_a_name(sender: str) -> None:
    assert (address_of(sender), domain_of(sender)) == ("a@b.org", "b.org")
