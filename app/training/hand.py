"""`python -m app.training.hand digit|character`: what “my hand” gives to writers of UNIPEN, as if they were users.

A writer's characters come in the order in which they were written. The first mistakes of the network are corrected;
with confirmations, what it had right until then is answered with “yes”, too. The errors are counted on the writer's
other characters, by the network alone and with the hand. Writers without further mistakes are left out.
"""

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import DIGITS, LETTERS, Alphabet, alphabet_named
from app.recognition.hand import Answered, Hand
from app.recognition.pictures import glyph_from_pixels
from app.recognition.recognizer import Recognizer
from app.recognition.releases import BUNDLED, ReleaseStore
from app.recognition.service import load_recognizer
from app.training import datasets
from app.training.corpus import split_by_writer
from app.training.evaluate import predict
from app.training.glyphs import Glyphs, shown_from_strokes
from app.training.metrics import Probabilities
from app.training.recipes import HELD_OUT_WRITERS

CORRECTIONS = (3, 5)
MOST_HARM_POINTS = 0.5
_NUM_CANDIDATES = 5


@dataclass(frozen=True)
class Writing:
    """What one writer wrote, in order, with the network's answers (N, C + 1) to it."""

    alphabet: Alphabet
    glyphs: Glyphs
    labels: NDArray[np.str_]
    probabilities: Probabilities

    def wrong(self, probabilities: Probabilities, exact: bool) -> NDArray[np.bool_]:
        """Where the first candidate is not the label; unless `exact`, either case is right."""
        answers = np.array(self.alphabet.characters)[probabilities[:, :-1].argmax(axis=1)]
        if exact:
            return np.asarray(answers != self.labels)
        return np.asarray(np.char.lower(answers) != np.char.lower(self.labels))

    def hand(self, answered: Sequence[int]) -> Hand:
        """What is learned when the characters at these positions are answered truly."""
        return Hand(self.alphabet, [self._answered(i) for i in answered])

    def _answered(self, i: int) -> Answered:
        row = self.probabilities[i]
        best = row[:-1].argsort()[::-1][:_NUM_CANDIDATES]
        candidates = [(self.alphabet.characters[c], round(float(row[c]), 4)) for c in best]
        return Answered(self.glyphs[i].tobytes(), candidates, str(self.labels[i]))


@dataclass(frozen=True)
class Outcome:
    """Errors among a writer's characters that were not answered, before and after."""

    num_others: int
    before: int
    after: int

    @property
    def points(self) -> float:
        """By how many percent points the error rate rises."""
        return 100 * (self.after - self.before) / self.num_others


def outcome(writing: Writing, num_corrections: int, confirms: bool, exact: bool) -> Outcome | None:
    """What so many corrections do; None when the writer has no more mistakes than that."""
    wrong = writing.wrong(writing.probabilities, exact)
    mistakes = np.flatnonzero(wrong)[:num_corrections]
    if wrong.sum() <= num_corrections:
        return None
    answered = np.arange(mistakes[-1] + 1) if confirms else mistakes
    adjusted = writing.hand(answered.tolist()).adjust(
        writing.probabilities, glyph_from_pixels(writing.glyphs)
    )
    others = np.setdiff1d(np.arange(len(wrong)), answered)
    after = writing.wrong(adjusted, exact)
    return Outcome(len(others), int(wrong[others].sum()), int(after[others].sum()))


def summary(outcomes: Sequence[Outcome]) -> str:
    """One line: writers, mean and pooled change of the error, who is worse off."""
    relative = [100 * (each.after / each.before - 1) for each in outcomes]
    before, after = sum(each.before for each in outcomes), sum(each.after for each in outcomes)
    rises = [each.points for each in outcomes]
    harmed = sum(rise > MOST_HARM_POINTS for rise in rises)
    return (
        f"{len(outcomes):>3} writers, errors {before} → {after} ({100 * (after / before - 1):+.1f} %), "
        f"mean of writers {np.mean(relative):+.1f} %, "
        f"{harmed} worse by more than {MOST_HARM_POINTS} points, at most {max(rises):+.2f}"
    )


def writings(recognizer: Recognizer, data: datasets.Labelled) -> Iterable[Writing]:
    """Each writer's characters of the recognizer's alphabet."""
    assert data.writers is not None
    for writer in dict.fromkeys(data.writers.tolist()):
        theirs = data.where(data.writers == writer)
        assert theirs.strokes is not None
        shown = shown_from_strokes(theirs.strokes)
        yield Writing(recognizer.alphabet, shown.glyphs, theirs.labels, predict(recognizer, shown))


def main() -> None:
    """Print a line for each number of corrections, with and without confirmations."""
    parser = argparse.ArgumentParser(prog="python -m app.training.hand", description=__doc__)
    parser.add_argument("alphabet", choices=[DIGITS.name, LETTERS.name])
    parser.add_argument(
        "--eval", action="store_true", help="the frozen writers; nothing may be chosen by them"
    )
    args = parser.parse_args()
    store = ReleaseStore(BUNDLED)
    version = store.current_version(args.alphabet)
    assert version is not None, "the bundled store has a current release"
    recognizer = load_recognizer(store.load(args.alphabet, version))
    data = datasets.load_unipen("eval" if args.eval else "train").of(alphabet_named(args.alphabet))
    if not args.eval:
        data = split_by_writer(data, HELD_OUT_WRITERS[args.alphabet])[1]
    everyone = list(writings(recognizer, data))
    print(f"{recognizer.release}, {len(everyone)} writers, {len(data)} characters")
    for exact in (False, True) if args.alphabet == LETTERS.name else (True,):
        for confirms in (False, True):
            for count in CORRECTIONS:
                found = [o for each in everyone if (o := outcome(each, count, confirms, exact))]
                manner = "exact" if exact else "either case"
                print(
                    f"{manner:<12}{count} corrections{' and every yes' if confirms else '':<14}  {summary(found)}"
                )


if __name__ == "__main__":
    main()
