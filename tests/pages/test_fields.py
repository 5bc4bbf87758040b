"""What a reading can be told to expect, and that it is an error when it cannot be honoured."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pages.checks import Iban, Luhn
from app.pages.expectations import Check, Expectation
from app.pages.fields import parse_expectation
from app.recognition.errors import BadExpectation


def reads(expected: Expectation, ink: str) -> str | None:
    """What an expectation says for characters of ink, or None when they do not fit."""
    state, said = expected.start, ""
    for character in ink:
        move = expected.moves(state).get(character)
        if move is None:
            return None
        text, state = move
        said += text
    rest = expected.ends(state)
    return None if rest is None else said + rest


def holds(check: Check, text: str) -> bool:
    state = check.start
    for character in text:
        state = check.after(state, character)
    return check.holds(state)


@pytest.mark.parametrize(
    ("expect", "ink", "said"),
    [
        ("digits", "0815", "0815"),
        ("letters", "aB", "aB"),
        ("any", "a1", "a1"),
        ("99/99/9999", "24121975", "24/12/1975"),
        ("99/99/9999", "24/12/1975", "24/12/1975"),
        ("AA99 AAA", "BD51SMR", "BD51 SMR"),
        ("amount", "1,234.50", "1,234.50"),
        ("amount", "€12.50", "€12.50"),
        ("amount", "1234", "1234"),
        ("date", "31.12.2024", "31.12.2024"),
        ("date", "2024-02-29", "2024-02-29"),
        ("phone", "+49(30)123456", "+49(30)123456"),
        ("postal-code", "SW1A1AA", "SW1A 1AA"),
        ("iban", "DE89370400440532013000", "DE89370400440532013000"),
        ("digits|luhn", "79927398713", "79927398713"),
    ],
)
def test_what_fits_is_said(expect: str, ink: str, said: str) -> None:
    assert reads(parse_expectation(expect), ink) == said


@pytest.mark.parametrize(
    ("expect", "ink"),
    [
        ("digits", "12a"),
        ("99/99/9999", "2412197"),
        ("AA99 AAA", "B51SMR"),
        ("amount", "1,23.50"),
        ("date", "41.12.2024"),
        ("date", "12.13.99a"),
        ("phone", "1234"),
        ("iban", "DE89370400440532013001"),
        ("digits|luhn", "79927398710"),
    ],
)
def test_what_does_not_fit_is_not(expect: str, ink: str) -> None:
    assert reads(parse_expectation(expect), ink) is None


@pytest.mark.parametrize(
    "expect",
    ["", "  ", None, 7, "colour", "99#99", "letters|luhn", "any|iban", "99|crc", "9" * 65, "AA|luhn", "99|"],
)
def test_what_cannot_be_honoured_is_an_error(expect: object) -> None:
    with pytest.raises(BadExpectation):
        parse_expectation(expect)


def test_two_checks_are_an_error() -> None:
    with pytest.raises(BadExpectation, match="one check"):
        parse_expectation("digits|luhn", check="luhn")


@given(st.text("0123456789", min_size=1, max_size=18))
def test_one_last_digit_satisfies_luhn(number: str) -> None:
    assert sum(holds(Luhn(), number + digit) for digit in "0123456789") == 1


@pytest.mark.parametrize("iban", ["GB82WEST12345698765432", "FR1420041010050500013M02606", "NO9386011117947"])
def test_published_examples_are_ibans(iban: str) -> None:
    assert holds(Iban(), iban)
    assert not holds(Iban(), iban[:-1] + str((int(iban[-1]) + 1) % 10))
