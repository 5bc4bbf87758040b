"""What a password may be, and how it is kept (OWASP ASVS 5.0, chapter 6.2)."""

import ctypes
import string
import unicodedata
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from flask_babel import gettext
from flask_security.password_util import PasswordUtil

ARGON2ID = {
    "argon2__type": "ID",
    "argon2__memory_cost": 19_456,  # KiB
    "argon2__rounds": 2,
    "argon2__parallelism": 1,
}
"""The least that OWASP's Password Storage Cheat Sheet recommends."""

MIN_LENGTH, MAX_LENGTH = 8, 256
"""In characters, after normalisation."""

PRODUCT = "legible"

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h
LARGE_BYTES = 16 * 2**20
"""Less than a hash takes, and more than a recognition does."""


def _(sentence: str, **values: object) -> str:
    return str(gettext(sentence, **values))


def normalize(password: str) -> str:
    """The same characters however a keyboard composes them (NIST SP 800-63B, 3.1.1.2).

    What is too long for a password is cut one character behind the end: it stays too long to be chosen and too long to
    be anybody's, and the library, which raises at 4,096 characters, can take it.
    """
    return unicodedata.normalize("NFKC", password)[: MAX_LENGTH + 1]


def fault_in(password: str, address: str) -> str | None:
    """Why `password` is none for the account of `address`, in words; None when it is one.

    Any characters in any order will do, as long as nobody would guess them first.
    """
    if len(password) < MIN_LENGTH:
        return _(
            "Use at least %(least)s characters. A few words that only you would put together are good.",
            least=MIN_LENGTH,
        )
    if len(password) > MAX_LENGTH:
        return _("Use at most %(most)s characters.", most=MAX_LENGTH)
    guess = password.casefold()
    core = guess.strip(string.digits + string.punctuation)
    if address and address in (guess, core):
        return _("This is your e-mail address. Use something that only you know.")
    if core in (PRODUCT, address.partition("@")[0]):
        return _("This is too easy to guess here. Use something that only you know.")
    if f",{guess}," in _common_passwords():
        return _("This is one of the most common passwords, the first that others try. Use another.")
    return None


def give_memory_back() -> None:
    """Have glibc return the 19 MB of each hash to the system. By itself it keeps them: 40 MB in a worker."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl and macOS have none, nor the habit
    if mallopt:
        for option in (M_MMAP_THRESHOLD, M_TRIM_THRESHOLD):
            mallopt(option, LARGE_BYTES)


@cache
def _common_passwords() -> str:
    """The 30,000 most common passwords, each between commas: 0.2 MB. Importing zxcvbn for its list would cost many."""
    source = Path(str(distribution("zxcvbn").locate_file("zxcvbn/frequency_lists.py"))).read_text("utf-8")
    passwords = source.partition('"passwords": "')[2].partition('"')[0]
    return f",{passwords},"


class Passwords(PasswordUtil):
    """Our rules, asked wherever a password is chosen."""

    def normalize(self, password: str) -> str:
        """In the form that is judged and hashed."""
        return normalize(password)

    def validate(self, password: str, is_register: bool, **who: Any) -> tuple[list[str] | None, str]:
        """What is wrong with `password`, or None; and `password` normalised."""
        address = who.get("email") if is_register else who["user"].email
        password = normalize(password)
        fault = fault_in(password, address or "")
        return [fault] if fault else None, password
