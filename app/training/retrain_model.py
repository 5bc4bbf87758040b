"""`python -m app.training.retrain_model digit …`: learn from what people said, and release what is better.

Exit code 0: a better network, released (with --dry-run: found). 3: refused, the current release stays. 1: an error.
"""

import argparse
import logging
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from app.config import ROOT, load_settings
from app.recognition.errors import BadRelease
from app.recognition.releases import releases_in
from app.samples.archive import MADE_UP, Archive, BadArchive, read_archive
from app.training.datasets import DatasetRefused
from app.training.mixing import CannotRetrain
from app.training.recipes import RECIPES

log = logging.getLogger(__name__)

REFUSED = 3


def main() -> None:
    """Read the command line, retrain, and say by the exit code what came of it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    settings = load_settings({})
    args = _parser(Path(settings["INSTANCE_DIR"])).parse_args()
    try:
        archive = _without_made_up(_samples(args, settings["DATABASE_URL"]), args.with_dummy)
        from app.training.retraining import retrain  # Keras; processes that help with glyphs need none

        run = args.run or Path(settings["INSTANCE_DIR"]) / "retraining" / _run_name(args.alphabet)
        outcome = retrain(
            archive, args.releases_dir, run, is_released=not args.dry_run, is_activated=args.activate
        )
    except (BadArchive, BadRelease, DatasetRefused, CannotRetrain, FileExistsError) as error:
        raise SystemExit(f"error: {error}") from error
    print("\n" + outcome.page)
    if outcome.release:
        print(
            f"{outcome.release.name} is {'in use' if args.activate else 'installed'}: {outcome.release.folder}"
        )
    print(f"Everything that was made lies in {run}.")
    raise SystemExit(0 if outcome.comparison.is_better else REFUSED)


def _parser(instance: Path) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.training.retrain_model", description=__doc__)
    parser.add_argument("alphabet", choices=sorted(RECIPES))
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--samples", type=Path, help="an archive of accepted samples")
    source.add_argument(
        "--from-database", action="store_true", help="accepted samples of this instance (default)"
    )
    source.add_argument(
        "--from-sheets",
        action="store_true",
        help="the same, after `flask sheets fetch --accept-labels`: labels changed there count as decided",
    )
    parser.add_argument(
        "--with-dummy", action="store_true", help="learn from made-up samples too (a demonstration)"
    )
    parser.add_argument("--dry-run", action="store_true", help="compare and decide, release nothing")
    parser.add_argument(
        "--no-activate",
        dest="activate",
        action="store_false",
        help="release, but leave the current one in use",
    )
    parser.add_argument(
        "--releases-dir", type=Path, default=releases_in(instance), help="default: %(default)s"
    )
    parser.add_argument(
        "--run", type=Path, help="folder for what is made (default: a new one in the instance)"
    )
    return parser


def _samples(args: argparse.Namespace, database_url: str) -> Archive:
    if args.samples:
        archive = read_archive(args.samples)
        if archive.alphabet != args.alphabet:
            raise CannotRetrain(
                f"{args.samples} holds samples of “{archive.alphabet}”, not “{args.alphabet}”."
            )
        return archive
    if args.from_sheets:
        fetch = [sys.executable, "-m", "flask", "--app", "main", "sheets", "fetch", "--accept-labels"]
        if subprocess.run(fetch, cwd=ROOT, check=False).returncode:  # noqa: S603  # a command of our own
            raise CannotRetrain("The spreadsheet could not be fetched; what stands above says why.")
    from app.samples.export import accepted_archive  # brings the tables along

    return accepted_archive(database_url, args.alphabet)


def _without_made_up(archive: Archive, is_demonstration: bool) -> Archive:
    """Samples that no person wrote teach nothing about people."""
    made_up = archive.sources == MADE_UP
    if is_demonstration or not made_up.any():
        return archive
    log.info("%d made-up samples are left out (--with-dummy takes them in)", made_up.sum())
    return archive.where(~made_up)


def _run_name(alphabet: str) -> str:
    return f"{alphabet}-{datetime.now(UTC):%Y%m%d-%H%M%S}"


if __name__ == "__main__":
    main()
