"""The only list of classes."""

import pytest

from app.recognition.alphabets import ALPHABETS, COMBINED, DIGITS, LETTERS, Alphabet, alphabet_named
from app.recognition.errors import UnknownAlphabet


def test_the_alphabets_have_their_sizes_and_order() -> None:
    assert (len(DIGITS), len(LETTERS), len(COMBINED)) == (10, 52, 62)
    assert "".join(COMBINED.characters) == "".join(DIGITS.characters + LETTERS.characters)
    assert LETTERS.characters[0] == "A"
    assert LETTERS.characters[26] == "a"


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=list(ALPHABETS))
def test_index_and_characters_agree(alphabet: Alphabet) -> None:
    assert [alphabet.index(character) for character in alphabet.characters] == list(range(len(alphabet)))
    assert tuple(alphabet) == alphabet.characters


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=list(ALPHABETS))
def test_one_output_more_than_characters_means_none_of_them(alphabet: Alphabet) -> None:
    assert alphabet.num_outputs - 1 == len(alphabet) == len(set(alphabet))


@pytest.mark.parametrize("name", ["", "Digit", "letters", None, 3, ["digit"], {"digit": 1}])
def test_another_name_is_refused(name: object) -> None:
    with pytest.raises(UnknownAlphabet, match='"digit"'):
        alphabet_named(name)
