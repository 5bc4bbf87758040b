"""What cards and reports call things, and what that is for people, in their language."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

SETS: Mapping[str, LazyString] = MappingProxyType(
    {
        "MNIST test": lazy_gettext("scanned forms"),
        "EMNIST digits test": lazy_gettext("scanned forms"),
        "EMNIST letters test": lazy_gettext("scanned forms"),
        "UNIPEN eval": lazy_gettext("pen on tablet"),
        "UNIPEN eval, pictures": lazy_gettext("the same, as pictures: without the movement"),
        "Mouse digits": lazy_gettext("drawn with a mouse, by 35 people"),
        "Chars74K": lazy_gettext("drawn on a tablet, by 20 people"),
    }
)
"""What the sets of handwriting are that releases are judged on."""

STRANGERS = {
    "scribbles": lazy_gettext("crossings-out, hatching, tangles"),
    "symbols": lazy_gettext("a sun, a fish, a cube …"),
    "pairs": lazy_gettext("two characters side by side"),
    "drawn pairs": lazy_gettext("two characters, drawn one after the other"),
    "letters": lazy_gettext("shown to the network for digits"),
}

COLUMNS = {
    "case_insensitive": (lazy_gettext("Either case"), lazy_gettext("c and C the same")),
    "top3": (lazy_gettext("In the top 3"), ""),
    "calibration_error": (lazy_gettext("Calibration error"), lazy_gettext("how far sureness is off")),
    "confident_error": (lazy_gettext("Wrong though sure"), lazy_gettext("in the surest 95 %")),
    "rejected": (lazy_gettext("Refused"), lazy_gettext("though it is one")),
}

PICTURES = {
    "confusion": (
        "confusions",
        lazy_gettext("Confusions: %(set)s"),
        lazy_gettext("A row for each character written, a column for each read."),
    ),
    "mistakes": (
        "mistakes",
        lazy_gettext("Surest mistakes: %(set)s"),
        lazy_gettext("Drawings, each with what was written and what was read."),
    ),
    "reliability": (
        "sureness",
        lazy_gettext("How often it is right, by how sure it is"),
        lazy_gettext("A line for each set."),
    ),
    "risk": (
        "sureness",
        lazy_gettext("How often it is wrong, if it answers only when sure"),
        lazy_gettext("A line for each set."),
    ),
}
"""By the first word of a file's name: the group of pictures, the caption, the alternative text."""

INKS: Mapping[str, LazyString] = MappingProxyType(
    {
        "scribbles": lazy_gettext("scribbles"),
        "symbols": lazy_gettext("symbols"),
        "pairs": lazy_gettext("pairs"),
        "drawn pairs": lazy_gettext("drawn pairs"),
        "letters": lazy_gettext("letters"),
        "unchanged": lazy_gettext("unchanged"),
        "shifted # px": lazy_gettext("shifted %(first)s px"),
        "inverted": lazy_gettext("inverted"),
        "scale # %": lazy_gettext("scaled to %(first)s %%"),
        "turned #°": lazy_gettext("turned %(first)s°"),
        "blurred": lazy_gettext("blurred"),
        "grainy": lazy_gettext("grainy"),
        "# px high": lazy_gettext("%(first)s px high"),
        "pen of # px, # px high": lazy_gettext("pen of %(first)s px, %(second)s px high"),
    }
)
"""What networks are tried on, by its name in cards with # for a number."""

_NUMBER = re.compile(r"[−+]?\d+")


def ink_name(name: str) -> str:
    """A name of ink as cards have it, such as "turned −15°"; one that is not in INKS stays as it is."""
    kind = INKS.get(_NUMBER.sub("#", name))
    numbers = dict(zip(("first", "second"), _NUMBER.findall(name), strict=False))
    return name if kind is None else str(kind) % numbers
