"""Who may import whom (doc/architecture.md), read from the source with ast: a wrong arrow fails here."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for path in (ROOT / "app").rglob("*.py") if "migrations" not in path.parts)

# What a room may never import of others, not even inside a function.
WEB = frozenset({"flask", "werkzeug", "jinja2", "sqlalchemy", "flask_sqlalchemy", "gunicorn"})
BANNED: dict[str, frozenset[str]] = {"pages": WEB, "recognition": WEB, "training": WEB}
# What costs memory or seconds and is needed by a few commands only: never imported when the app starts.
HEAVY = frozenset(
    {
        "alembic",
        "emnist",
        "flask_migrate",
        "gspread",
        "keras",
        "matplotlib",
        "pypdfium2",
        "tensorflow",
        "app.training",
    }
)
MEANINGLESS = frozenset({"common", "helper", "helpers", "misc", "util", "utils"})
MAX_LINES = {".py": 300, ".js": 300, ".html": 150}


@dataclass(frozen=True)
class Import:
    """One imported module: its dotted name, and whether importing the file imports it too."""

    name: str
    at_start: bool


def documented_arrows() -> dict[str, tuple[str, ...]]:
    """What each room, or module beside the rooms, may import of ours: the table in doc/architecture.md."""
    chapter = (ROOT / "doc/architecture.md").read_text().split("## Who may import whom")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", chapter, re.MULTILINE)
    return {
        room: ("",) if what == "everything" else tuple(re.findall(r"`([\w.]+)`", what)) for room, what in rows
    }


ALLOWED = documented_arrows()


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


def names_of(node: ast.AST, package: str) -> list[str]:
    """The dotted modules that an import statement in `package` names; empty for any other statement."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    base = ".".join([*above, *filter(None, [node.module])])
    return [f"{base}.{a.name}" if is_module(f"{base}.{a.name}") else base for a in node.names]


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def imports_in(source: str, package: str) -> list[Import]:
    """Every import in a source; those in functions and for type checkers do not happen at the start."""

    def walk(node: ast.AST, at_start: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            yield from (Import(name, at_start) for name in names_of(child, package))
            is_later = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from walk(child, at_start and not is_later and not is_type_checking(child))

    return list(walk(ast.parse(source), at_start=True))


def imports_of(path: Path) -> list[Import]:
    name = module_name(path)
    return imports_in(path.read_text(), name if path.stem == "__init__" else name.rpartition(".")[0])


def is_within(name: str, parent: str) -> bool:
    return not parent or name == parent or name.startswith(f"{parent}.")


def room_of(path: Path) -> str:
    """The second part of a module's name: its folder or file in app/; `app` for app/__init__.py."""
    return (module_name(path).split(".") * 2)[1]


def wrong_arrows(room: str, found: list[Import]) -> list[str]:
    """The names in `found` that `room` may not import."""
    ours = [entry.name for entry in found if is_within(entry.name, "app")]
    assert room in ALLOWED, f"doc/architecture.md does not say what app.{room} may import"
    allowed = [f"app.{entry}".rstrip(".") for entry in (room, *ALLOWED[room])]
    banned = BANNED.get(room, frozenset())
    return [name for name in ours if not any(is_within(name, parent) for parent in allowed)] + [
        entry.name for entry in found if entry.name.split(".")[0] in banned
    ]


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_module_imports_only_what_its_room_may(path: Path) -> None:
    assert wrong_arrows(room_of(path), imports_of(path)) == []


@pytest.mark.parametrize("path", sorted((ROOT / "app/routes").glob("[a-z]*.py")), ids=module_name)
def test_routes_never_import_another_route(path: Path) -> None:
    others = [entry.name for entry in imports_of(path) if is_within(entry.name, "app.routes")]
    assert others == []


def test_starting_the_app_imports_nothing_heavy() -> None:
    files = {module_name(path): path for path in [*SOURCES, ROOT / "main.py"]}
    reached, waiting = set[str](), {"main"}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        found = (
            {entry.name for entry in imports_of(files[name]) if entry.at_start} if name in files else set()
        )
        parents = {name.rpartition(".")[0]} - {""}
        waiting |= (found | parents) - reached
    assert sorted(name for name in reached if any(is_within(name, heavy) for heavy in HEAVY)) == []
    assert {"app", "app.recognition", "flask"} <= reached, (
        "the walk from main.py found nothing: it proves nothing"
    )


def test_gspread_is_imported_by_at_most_one_module() -> None:
    users = [module_name(path) for path in SOURCES if any(e.name == "gspread" for e in imports_of(path))]
    assert len(users) <= 1


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("recognition", "from app.samples import service"),
        ("recognition", "def read():\n    import flask"),
        ("training", "from ..samples import tables"),
        ("routes", "import app.training.commands"),
        ("config", "from app import errors"),
        ("extensions", "if TYPE_CHECKING:\n    from app.config import Settings"),
    ],
)
def test_wrong_arrow_is_found(room: str, source: str) -> None:
    assert wrong_arrows(room, imports_in(source, f"app.{room}")) != []


def test_documented_rooms_exist() -> None:
    assert set(ALLOWED) == {room_of(path) for path in SOURCES}


def test_rooms_are_for_meanings() -> None:
    names = {
        path for folder in ("app", "tests") for path in (ROOT / folder).rglob("*") if path.suffix != ".pyc"
    }
    assert sorted(str(path) for path in names if path.stem in MEANINGLESS) == []


def test_modules_stay_short() -> None:
    files = [
        path for folder in ("app", "tests") for path in (ROOT / folder).rglob("*") if path.suffix in MAX_LINES
    ]
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in files}
    assert {path: length for path, length in lengths.items() if length > MAX_LINES[path.suffix]} == {}
