"""Check digits: Luhn's, and the IBAN's."""

from app.pages.expectations import State

_IBAN_MODULUS = 97


class Luhn:
    """The sum of digits, every second from the right doubled, is a multiple of ten (ISO/IEC 7812-1, annex B).

    The state is the sum if the last digit counts single, and if it counts double: the length need not be known.
    """

    start: State = (0, 0)

    def after(self, state: State, character: str) -> State:
        """One more digit on the right."""
        single, double = state
        digit = int(character)
        return (double + digit) % 10, (single + sum(divmod(2 * digit, 10))) % 10

    def holds(self, state: State) -> bool:
        """Whether the number is valid as it is."""
        return bool(state[0] == 0)


class Iban:
    """Its first four moved to the end, letters as 10 to 35, the number leaves 1 when divided by 97 (ISO 13616).

    The state is how many of the first four are known, their number, and the remainder of the others.
    """

    start: State = (0, 0, 0)

    def after(self, state: State, character: str) -> State:
        """One more character on the right."""
        known, first, rest = state
        value = int(character, 36)
        shift = 10 if value < 10 else 100
        if known < 4:
            return known + 1, (first * shift + value) % _IBAN_MODULUS, rest
        return known, first, (rest * shift + value) % _IBAN_MODULUS

    def holds(self, state: State) -> bool:
        """Whether the number is valid; the country's two letters and two digits are six digits in all."""
        known, first, rest = state
        return bool(known == 4 and (rest * 10**6 + first) % _IBAN_MODULUS == 1)
