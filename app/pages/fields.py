"""The kinds of fields that a reading can be told to expect, by name or as the owner's own mask."""

from collections.abc import Callable, Mapping
from itertools import product
from string import ascii_lowercase, ascii_uppercase, digits
from types import MappingProxyType

from app.pages.checks import Iban, Luhn
from app.pages.expectations import MARKS, Check, Expectation, Pattern, Slot
from app.recognition.alphabets import COMBINED, DIGITS, LETTERS, Alphabet
from app.recognition.errors import BadExpectation, Word

MAX_MASK = 64
"""Characters of a mask."""

_FREE: Mapping[str, Alphabet] = MappingProxyType(
    {Word("digits"): DIGITS, Word("letters"): LETTERS, "any": COMBINED}
)

_CHECKS: Mapping[str, type[Luhn] | type[Iban]] = MappingProxyType({"luhn": Luhn, "iban": Iban})

_PLACEHOLDERS = MappingProxyType(
    {
        "9": frozenset(digits),
        "A": frozenset(ascii_uppercase),
        "a": frozenset(ascii_lowercase),
        "*": frozenset(digits + ascii_uppercase),
    }
)

_DIGIT = Slot(frozenset(digits))
_DAYS = ("0[1-9]", "[12]9", "3[01]", "[1-9]")
_MONTHS = ("0[1-9]", "1[0-2]", "[1-9]")


def parse_expectation(value: object, check: str | None = None) -> Expectation:
    """What a reading is told to expect.

    Args:
        value: "digits", "letters", "any", "amount", "date", "phone", "postal-code", "plate", "iban", or a mask of
            9 (digit), A (letter, said as a capital), a (small letter), * (digit or letter) and signs that stand for
            themselves. After a bar stands a check: "digits|luhn".
        check: "luhn" or "iban", instead of the bar.

    Raises BadExpectation when this cannot be honoured.
    """
    if not isinstance(value, str) or not value.strip():
        raise BadExpectation(
            "What to expect must be a name or a mask, not %(value)s.", value=repr(str(value)[:40])
        )
    name, bar, given = value.strip().partition("|")
    if bar and check:
        raise BadExpectation(
            "Give one check, not %(first)s and %(second)s.",
            first=repr(given[:40]),
            second=repr(str(check)[:40]),
        )
    checker = _check_named(given if bar else check) if bar or check else None
    if name in _FREE:
        return _free(name, checker)
    if name in _FIELDS:
        patterns, own_check = _FIELDS[name]()
        if checker and own_check:
            raise BadExpectation('"iban" has its own check; no other can be added.')
        return _patterned(name, patterns, own_check or checker)
    return _patterned(name, (_mask(name),), checker)


def _check_named(name: str | None) -> Check:
    if name is None or name not in _CHECKS:
        raise BadExpectation('There is no check %(name)s. Use "luhn" or "iban".', name=repr(str(name)[:40]))
    return _CHECKS[name]()


def _free(name: str, check: Check | None) -> Expectation:
    if isinstance(check, Luhn) and name != "digits":
        raise BadExpectation("The check luhn is for digits; %(name)s may hold letters.", name=repr(name))
    if isinstance(check, Iban):
        raise BadExpectation('The check iban needs an IBAN: expect "iban", or give a mask.')
    return Expectation(name, _FREE[name], (), check)


def _patterned(name: str, patterns: tuple[Pattern, ...], check: Check | None) -> Expectation:
    allowed = frozenset().union(*(slot.characters for pattern in patterns for slot in pattern))
    if isinstance(check, Luhn) and any(c.isalpha() for c in allowed):
        raise BadExpectation("The check luhn is for digits; %(name)s may hold letters.", name=repr(name))
    alphabet = COMBINED
    if not allowed & set(LETTERS):
        alphabet = DIGITS
    elif not allowed & set(DIGITS):
        alphabet = LETTERS
    is_caseless = not allowed & set(ascii_lowercase)
    return Expectation(name, alphabet, patterns, check, is_caseless)


def _mask(mask: str) -> Pattern:
    """Slots of a mask; its signs are said even where none is written, as in a printed form."""
    if len(mask) > MAX_MASK:
        raise BadExpectation(
            "A mask may have %(most)s characters; this one has %(count)s.", most=MAX_MASK, count=len(mask)
        )
    if not set(mask) & _PLACEHOLDERS.keys():
        names = ", ".join(f'"{known}"' for known in (*_FREE, *_FIELDS))
        raise BadExpectation(
            "There is nothing to expect called %(name)s. Use %(names)s, or a mask of 9, A, a and *.",
            name=repr(mask[:40]),
            names=names,
        )
    slots = []
    for sign in mask:
        if sign in _PLACEHOLDERS:
            slots.append(Slot(_PLACEHOLDERS[sign]))
        elif sign == " " or sign in MARKS:
            slots.append(Slot(frozenset(sign.strip()), fill=sign))
        elif sign in COMBINED:
            slots.append(Slot(frozenset(sign)))
        else:
            raise BadExpectation(
                "%(sign)s cannot stand in a mask, for no network reads it: %(mask)s.",
                sign=repr(sign),
                mask=repr(mask[:40]),
            )
    return tuple(slots)


def _classes(text: str) -> Pattern:
    """Slots of digits and ranges, such as "3[01]"; 9 is any digit."""
    slots, at = [], 0
    while at < len(text):
        if text[at] == "[":
            end = text.index("]", at)
            inner = text[at + 1 : end]
            chosen = digits[int(inner[0]) : int(inner[2]) + 1] if "-" in inner else inner
            slots.append(Slot(frozenset(chosen)))
            at = end + 1
        else:
            slots.append(_DIGIT if text[at] == "9" else Slot(frozenset(text[at])))
            at += 1
    return tuple(slots)


def _dates() -> tuple[tuple[Pattern, ...], None]:
    """Day and month in either order before the year, or the year first (ISO 8601)."""
    patterns = []
    for day, month, mark in product(_DAYS, _MONTHS, "./-"):
        parted = (Slot(frozenset(mark), fill=None),)
        for year in ("[12]999", "99"):
            years = _classes(year)
            patterns.append(_classes(day) + parted + _classes(month) + parted + years)
            patterns.append(_classes(month) + parted + _classes(day) + parted + years)
        patterns.append(_classes("[12]999") + parted + _classes(month) + parted + _classes(day))
    return tuple(patterns), None


def _amounts() -> tuple[tuple[Pattern, ...], None]:
    """Up to nine digits, perhaps grouped by threes, perhaps two decimals, perhaps a currency sign on either side."""
    wholes: list[tuple[str, Pattern]] = [("", (_DIGIT,) * count) for count in range(1, 10)]
    for count, mark in product(range(4, 10), ",.'"):
        pattern: Pattern = ()
        for place in range(count):
            if place and (count - place) % 3 == 0:
                pattern += (Slot(frozenset(mark)),)
            pattern += (_DIGIT,)
        wholes.append((mark, pattern))
    sign = Slot(frozenset("€$£"), fill="")
    patterns = [(sign, *whole, sign) for _, whole in wholes]
    for (grouping, whole), decimal in product(wholes, ".,"):
        if grouping != decimal:
            patterns.append((sign, *whole, Slot(frozenset(decimal)), _DIGIT, _DIGIT, sign))
    return tuple(patterns), None


def _phones() -> tuple[tuple[Pattern, ...], None]:
    """Five to fifteen digits (ITU-T E.164), perhaps a plus before them, signs between them."""
    between = Slot(frozenset("-./()"), fill="")
    first = (Slot(frozenset("+"), fill=""), Slot(frozenset("("), fill=""))
    return tuple(first + (_DIGIT,) + (between, _DIGIT) * (count - 1) for count in range(5, 16)), None


def _masks(*masks: str) -> Callable[[], tuple[tuple[Pattern, ...], None]]:
    return lambda: (tuple(_mask(mask) for mask in masks), None)


def _ibans() -> tuple[tuple[Pattern, ...], Check]:
    """15 to 34 characters: two letters, two digits, then either (ISO 13616)."""
    return tuple(_mask("AA99" + "*" * count) for count in range(11, 31)), Iban()


_FIELDS: Mapping[str, Callable[[], tuple[tuple[Pattern, ...], Check | None]]] = MappingProxyType(
    {
        Word("amount"): _amounts,
        Word("date"): _dates,
        Word("phone"): _phones,
        Word("postal-code"): _masks(
            "99999",
            "9999",
            "999999",
            "99999-9999",
            "A9 9AA",
            "A99 9AA",
            "AA9 9AA",
            "AA99 9AA",
            "A9A 9AA",
            "AA9A 9AA",
            "A9A 9A9",
            "9999 AA",
        ),
        Word("plate"): _masks(
            *dict.fromkeys(
                ["AA99 AAA", "9999 AAA", "AAA 999", "AAA 9999", "AA 999 AA", "99 AAA 9", "A9999AA"]
                + [f"{'A' * a} {'A' * b} {'9' * n}" for a in (1, 2, 3) for b in (1, 2) for n in (1, 2, 3, 4)]
            )
        ),
        Word("iban"): _ibans,
    }
)
