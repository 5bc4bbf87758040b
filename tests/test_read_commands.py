"""`flask read`: a table of what pictures say, that goes on where it stopped, whatever is wrong with one of them."""

import csv
from pathlib import Path

import pytest
from flask import Flask

from app.cells import csv_line
from app.read_commands import files_in, resume
from app.transcripts import COLUMNS
from tests.conftest import AppMaker
from tests.images import blank, seven
from tests.intake.pdfs import locked, scan
from tests.photos import photo


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures, one of them in a folder of its own, and what is none."""
    folder = tmp_path / "pictures"
    (folder / "deeper").mkdir(parents=True)
    (folder / "1.png").write_bytes(seven())
    (folder / "deeper" / "2.JPG").write_bytes(photo(["71"]))
    (folder / "notes.txt").write_text("notes")
    return folder


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(app: Flask, *arguments: object, jobs: int = 1) -> tuple[int, str]:
    words = ["read", *map(str, arguments), "--expect", "digits", "--jobs", str(jobs)]
    done = app.test_cli_runner().invoke(args=words)
    return done.exit_code, done.output


def test_a_folder_becomes_a_table(app: Flask, folder: Path, tmp_path: Path) -> None:
    code, _ = read(app, folder, "--csv", tmp_path / "out.csv")
    assert code == 0
    found = rows(tmp_path / "out.csv")
    assert [(row["file"], row["line"], row["text"]) for row in found] == [
        (str(folder / "1.png"), "1", "7"),
        (str(folder / "deeper" / "2.JPG"), "1", "77"),
    ]


def test_files_are_found_by_what_they_are_called(folder: Path) -> None:
    assert [path.name for path in files_in([folder])] == ["1.png", "2.JPG"]
    assert files_in([folder / "notes.txt", folder / "1.png", folder]) == [
        folder / "notes.txt",
        folder / "1.png",
        folder / "deeper" / "2.JPG",
    ]


def test_what_is_in_the_table_is_not_read_again(app: Flask, folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "out.csv"
    read(app, folder, "--csv", table)
    before = table.read_text()
    (folder / "3.png").write_bytes(seven())
    code, output = read(app, folder, "--csv", table)
    assert code == 0
    assert "1 were in the table already" in output  # the last one may have been written in part
    assert [Path(row["file"]).name for row in rows(table)] == ["1.png", "3.png", "2.JPG"]
    assert table.read_text().startswith(before[: before.index("2.JPG") - len(f"{folder}/deeper/")])


def test_wherever_a_table_was_cut_off_every_file_in_it_has_all_its_rows(tmp_path: Path) -> None:
    files = {"a.png": ["70", "71"], 'b, "ü".png': ["72"], "c.pdf": ["73", "74", "75"]}
    lines = [(name, 1, n, text) for name, texts in files.items() for n, text in enumerate(texts, 1)]
    whole, table = "".join(map(csv_line, (COLUMNS, *lines))).encode(), tmp_path / "out.csv"
    for length in range(len(whole) + 1):
        table.write_bytes(whole[:length])
        known = resume(table)
        assert known == set(list(files)[: len(known)])
        assert [row["text"] for row in rows(table)] == [
            text for name in sorted(known) for text in files[name]
        ]
        assert whole.startswith(table.read_bytes())
        assert (
            len(known) >= sum(f",{texts[-1]}\r\n".encode() in whole[:length] for texts in files.values()) - 1
        )


@pytest.mark.parametrize("left", [0, 5, 40])
def test_a_table_that_was_cut_off_is_mended(app: Flask, folder: Path, tmp_path: Path, left: int) -> None:
    whole, table = tmp_path / "whole.csv", tmp_path / "cut.csv"
    read(app, folder, "--csv", whole)
    table.write_bytes(whole.read_bytes()[: -left or None])
    assert read(app, folder, "--csv", table)[0] == 0
    assert table.read_bytes() == whole.read_bytes()


def test_each_fault_is_told_and_stops_nothing(app: Flask, folder: Path, tmp_path: Path) -> None:
    (folder / "0.pdf").write_bytes(locked())
    (folder / "0.png").write_bytes(blank())
    (folder / "9.gif").write_bytes(b"no picture")
    code, output = read(app, folder, "--csv", tmp_path / "out.csv")
    assert code == 1
    problems = {Path(row["file"]).name: row["problem"] for row in rows(tmp_path / "out.csv")}
    assert [name for name, problem in problems.items() if problem] == ["0.pdf", "0.png", "9.gif"]
    assert all(problem in output for problem in problems.values())


def test_every_page_of_a_document_has_its_rows(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(scan(3))
    read(app, tmp_path / "scan.pdf", "--csv", tmp_path / "out.csv")
    assert [row["page"] for row in rows(tmp_path / "out.csv")] == ["1", "2", "3"]


def test_no_name_becomes_a_formula(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("=1+1.png").write_bytes(seven())
    for _ in range(2):
        assert read(app, "=1+1.png", "--csv", "out.csv")[0] == 0
    assert [row["file"] for row in rows(Path("out.csv"))] == ["'=1+1.png"]


@pytest.mark.parametrize(
    "content",
    [
        b"name,age\nada,36\n",
        b"\n\nname\n",
        "größe\n".encode("latin-1"),
        csv_line(COLUMNS).encode() + b"\xff\xfe\r\n",
        csv_line(COLUMNS).encode() + b"\r\n",
    ],
)
def test_another_file_is_not_written_over(app: Flask, folder: Path, tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes(content)
    code, output = read(app, folder, "--csv", other)
    assert (code, other.read_bytes()) == (1, content)
    assert "is no table of this command" in output


@pytest.mark.parametrize("expect", ["runes", "any"])
def test_expectation_that_cannot_be_honoured_is_an_error(app: Flask, folder: Path, expect: str) -> None:
    table = folder / "out.csv"
    done = app.test_cli_runner().invoke(args=["read", str(folder), "--expect", expect, "--csv", str(table)])
    assert done.exit_code == 1
    assert not table.exists()


def test_processes_share_the_work(make_app: AppMaker, tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}.png").write_bytes(photo(["70"], "PNG", seed=number))
    app = make_app(RECOGNITION=None)
    code, _ = read(app, tmp_path, "--csv", tmp_path / "out.csv", jobs=2)
    assert code == 0
    assert [row["text"].replace(" ", "") for row in rows(tmp_path / "out.csv")] == ["70"] * 6
    assert tuple(rows(tmp_path / "out.csv")[0]) == COLUMNS
