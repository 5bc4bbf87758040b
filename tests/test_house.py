"""Files that must agree, agree: locks and their sources, documents and what they point to, one Python."""

import itertools
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from flask.testing import FlaskClient

from app.config import SETTINGS

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
LOCKS = {"serve": "requirements.txt", "train": "requirements-train.txt", "dev": "requirements-dev.txt"}
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "doc").rglob("*.md")])


def pins(group: str) -> dict[str, str]:
    """The locked packages of a group and their versions."""
    text = (ROOT / LOCKS[group]).read_text()
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[\w+\])?==(\S+) \\$", text, re.MULTILINE))


def wanted(group: str) -> set[str]:
    """The packages that pyproject.toml names for a group, included groups too."""
    names: set[str] = set()
    for entry in PYPROJECT["dependency-groups"][group]:
        names |= (
            wanted(entry["include-group"]) if isinstance(entry, dict) else set(re.findall(r"^[\w-]+", entry))
        )
    return names


@pytest.mark.parametrize("group", LOCKS)
def test_lock_was_made_from_the_list_as_it_is(group: str) -> None:
    parts = re.split(r"^(?=[a-z0-9])", (ROOT / LOCKS[group]).read_text(), flags=re.MULTILINE)[1:]
    direct = {re.split(r"[=\[]", part)[0] for part in parts if f"(pyproject.toml:{group})" in part}
    assert direct == wanted(group)


@pytest.mark.parametrize("group", LOCKS)
def test_lock_pins_every_package_with_its_hashes(group: str) -> None:
    lines = (ROOT / LOCKS[group]).read_text().splitlines()
    packages = [line for line in lines if re.match(r"[^\s#]", line)]
    assert len(packages) == len(pins(group)) > len(wanted(group))
    followers = {after for line, after in itertools.pairwise(lines) if line in packages}
    assert all(after.startswith("    --hash=sha256:") for after in followers)


@pytest.mark.parametrize("group", LOCKS)
def test_lock_names_no_host_and_no_local_path(group: str) -> None:
    assert not re.search(r"://|^-|--(?!hash=)| @ |file:", (ROOT / LOCKS[group]).read_text(), re.MULTILINE)


def test_a_package_has_one_version_everywhere() -> None:
    assert pins("serve").items() <= pins("train").items() <= pins("dev").items()


def test_serving_installs_nothing_of_training() -> None:
    assert not pins("serve").keys() & {"tensorflow", "keras", "emnist", "matplotlib"}


def test_python_has_one_version_everywhere() -> None:
    named = {
        re.search(r"^PYTHON \?= python([\d.]+)$", MAKEFILE, re.MULTILINE)[1],  # type: ignore[index]
        re.search(r"--python-version ([\d.]+)", MAKEFILE)[1],  # type: ignore[index]
        PYPROJECT["tool"]["mypy"]["python_version"],
        PYPROJECT["tool"]["ruff"]["target-version"].replace("py3", "3."),
        yaml.safe_load((ROOT / "app.yaml").read_text())["runtime"].replace("python3", "3."),
    }
    assert named == {"3.11"}


def test_make_installs_the_browser_that_the_tests_start() -> None:
    texts = [(ROOT / "tests/browser/conftest.py").read_text(), MAKEFILE]
    assert [re.findall(r"/usr/bin/\w+", text) for text in texts] == [["/usr/bin/chromium"]] * 2


def test_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "make run" in readme
    assert "make test" in readme


def test_readme_example_is_answered(client: FlaskClient) -> None:
    example = re.search(r"-d '(\{.*\})'", (ROOT / "README.md").read_text())
    assert example is not None
    answer = client.post("/api/v1/recognize", data=example[1], content_type="application/json")
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_document_points_to_what_exists(path: Path) -> None:
    text = path.read_text()
    links = [link for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) if "://" not in link]
    assert [link for link in links if not (path.parent / link).exists()] == []
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)) <= TARGETS


def test_every_decision_is_listed() -> None:
    folder = ROOT / "doc/decisions"
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text())
    assert listed == sorted(page.name for page in folder.glob("[0-9]*.md"))


def test_ci_runs_tests_and_checks() -> None:
    script = ROOT / ".ci/run"
    assert script.stat().st_mode & 0o111
    assert {"test", "check"} <= set(re.findall(r"^make (\w+)", script.read_text(), re.MULTILINE)) <= TARGETS


def test_deployment_names_settings_that_exist() -> None:
    names = {setting.name for setting in SETTINGS}
    assert set(yaml.safe_load((ROOT / "app.yaml").read_text())["env_variables"]) <= names
    max_body_bytes = next(setting.default for setting in SETTINGS if setting.name == "MAX_BODY_BYTES")
    nginx = re.search(r"client_max_body_size (\d+)m;", (ROOT / "doc/deployment.md").read_text())
    assert nginx is not None
    assert int(nginx[1]) * 2**20 == max_body_bytes
