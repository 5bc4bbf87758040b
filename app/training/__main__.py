"""`python -m app.training train|runs|export|evaluate …`: the offline commands."""

from __future__ import annotations

import argparse
import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.recognition.alphabets import alphabet_named
from app.recognition.releases import BUNDLED, ReleaseStore
from app.training.datasets import DatasetRefused
from app.training.recipes import CORPORA, RECIPES, Corpus, Cycle, Recipe

if TYPE_CHECKING:
    from collections.abc import Callable

    import keras


def main() -> None:
    """Read the command line and run one command."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    args = _parser().parse_args()
    try:
        args.command(args)
    except (DatasetRefused, FileExistsError, ValueError) as error:
        raise SystemExit(f"error: {error}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.training", description=__doc__)
    commands = parser.add_subparsers(required=True)
    train = commands.add_parser(
        "train", help="train a network from nothing, or go on with an interrupted run"
    )
    _add_run_arguments(train)
    train.set_defaults(command=_train)
    export = commands.add_parser(
        "export", help="make a release of a run (trained first, if it is not finished)"
    )
    _add_run_arguments(export)
    export.add_argument("--version", required=True, help="name of the release, such as 2")
    export.add_argument(
        "--baseline", type=Path, help="folder of a finished run on the same data, to compare with"
    )
    export.add_argument("--note", default="", help="what the card should say besides")
    export.add_argument("--to", type=Path, default=BUNDLED, help="model store (default: the bundled one)")
    export.set_defaults(command=_export)
    runs = commands.add_parser("runs", help="compare the training runs in a folder, as a Markdown table")
    runs.add_argument("folder", type=Path, nargs="?", default=Path("runs"))
    runs.set_defaults(command=_runs)
    evaluate = commands.add_parser("evaluate", help="judge a release on every evaluation set")
    evaluate.add_argument("alphabet", choices=sorted(RECIPES))
    evaluate.add_argument("--version", help="default: the current one")
    evaluate.add_argument(
        "--among", choices=sorted(RECIPES), help="told that there are only the characters of this alphabet"
    )
    evaluate.add_argument("--from", dest="store", type=Path, default=BUNDLED, help="model store")
    evaluate.add_argument(
        "--report", type=Path, default=Path("runs/report"), help="folder for figures and pictures"
    )
    evaluate.set_defaults(command=_evaluate)
    return parser


def _add_run_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("alphabet", choices=sorted(RECIPES))
    parser.add_argument("--network", help="architecture (default: the recipe's)")
    parser.add_argument("--epochs", type=int, help="in one cycle, instead of the recipe's cycles")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--run", type=Path, help="folder of the run (default: runs/ALPHABET-NETWORK-SEED)")


def _recipe(args: argparse.Namespace) -> Recipe:
    given = {name: getattr(args, name) for name in ("network", "seed") if getattr(args, name) is not None}
    if args.epochs is not None:
        given["cycles"] = (Cycle(args.epochs),)
    return replace(RECIPES[args.alphabet], **given)


def _run_dir(recipe: Recipe) -> Path:
    return Path("runs") / f"{recipe.alphabet}-{recipe.network}-{recipe.seed}"


def _train(args: argparse.Namespace) -> None:
    recipe = _recipe(args)
    _trained(recipe, CORPORA[recipe.alphabet], args.run or _run_dir(recipe))


def _trained(recipe: Recipe, corpus: Callable[[], Corpus], run: Path) -> keras.Model:
    """The network of a run: as it is when it is done, else trained, after the one that it starts from."""
    from app.training.fit import finished, fit

    network = finished(recipe, run)
    if network is None:
        first = None
        if recipe.starts_from:
            other = RECIPES[recipe.starts_from]
            before = _trained(other, CORPORA[other.alphabet], _run_dir(other))
            first = before, alphabet_named(other.alphabet)
        network = fit(recipe, corpus(), run, first)
    return network


def _export(args: argparse.Namespace) -> None:
    from app.training.export import export
    from app.training.fit import load_run

    recipe = _recipe(args)
    corpus = CORPORA[recipe.alphabet]()
    network = _trained(recipe, lambda: corpus, args.run or _run_dir(recipe))
    baseline = load_run(args.baseline) if args.baseline else None
    release = export(network, recipe, corpus, args.to, args.version, baseline, args.note)
    print((release.folder / "CARD.md").read_text())


def _runs(args: argparse.Namespace) -> None:
    from app.training.runs import runs_table

    print(runs_table(args.folder))


def _evaluate(args: argparse.Namespace) -> None:
    from app.recognition.service import load_recognizer
    from app.training.among import among
    from app.training.cards import figures_page
    from app.training.judge import judge

    store = ReleaseStore(args.store)
    version = args.version or store.current_version(args.alphabet)
    if version is None:
        raise SystemExit(f"error: {args.store} has no current release of {args.alphabet}")
    reader = load_recognizer(store.load(args.alphabet, version))
    if args.among:
        reader = among(reader, alphabet_named(args.among))
    print(figures_page(judge(reader, args.report).figures()))


if __name__ == "__main__":
    main()
