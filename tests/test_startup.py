"""What a fresh server process imports: nothing that only training or a relay needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import ROOT

HEAVY = (
    "tensorflow",
    "keras",
    "gspread",
    "google.auth",
    "alembic",
    "flask_migrate",
    "matplotlib",
    "emnist",
    "cryptography",
    "zxcvbn",
    "dns",
)


def run_python(script: str, instance: Path) -> str:
    environment = {**os.environ, "INSTANCE_DIR": str(instance)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize(
    "request_line", ["", "app.test_client().get('/canvas/digit'); app.test_client().get('/account/login');"]
)
def test_serving_imports_nothing_heavy(tmp_path: Path, request_line: str) -> None:
    script = f"import sys; from main import app; {request_line} print(*sys.modules)"
    loaded = run_python(script, tmp_path).split()
    assert "flask" in loaded
    assert sorted(name for name in loaded if name.startswith(HEAVY)) == []


def test_starting_leaves_nothing_but_the_key(tmp_path: Path) -> None:
    run_python("import main", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
