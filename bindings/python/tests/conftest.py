"""What the tests share: the project's folder, and its program, which the wheel is held against."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = os.environ.get("REVCAST", ROOT / "target" / "release" / "revcast")
SCENARIOS = sorted(path.name for path in (ROOT / "scenarios").glob("*.json") if "schema" not in path.name)


@pytest.fixture(autouse=True)
def in_project(monkeypatch):
    """Paths are those that the README's commands have."""
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("REVCAST_NOW", raising=False)


@pytest.fixture
def program():
    """Runs the program, and gives what it prints."""

    def run(*words, code=0):
        done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True)
        assert done.returncode == code, done.stderr
        return done.stdout if code == 0 else done.stderr

    return run


def files(folder):
    """All files of a folder, by their names, with their bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
