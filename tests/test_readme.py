"""The README is the front door: what it shows must be so."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pipelines.command_line import command_line
from pipelines.ingest.mapping import read_mapping

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = sorted({line.split("#")[0].strip() for line in README.splitlines() if line.startswith("mingjian ")})


@pytest.mark.parametrize("line", SHOWN)
def test_every_command_that_is_shown_is_taken(line):
    """An option that is shown but refused costs the reader his trust in all the others."""
    words = shlex.split(re.sub(r"\[([^\]]*)\]", r"\1", line).replace("auto|always|never", "auto"))
    numbered = ["1" if word in ("N", "Y") else word for word in words[1:]]
    assert command_line().parse_args(numbered).command == numbered[0]


def test_every_command_that_exists_is_shown():
    commands = next(action for action in command_line()._actions if action.dest == "command").choices
    assert {line.split()[1] for line in SHOWN} == set(commands)


def test_every_make_target_that_is_named_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"make ([a-z]+)\b", " ".join(re.findall(r"`?make [a-z]+`?", README)))):
        if f"`make {target}`" in README or f"\nmake {target}" in README:
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {
        re.split(r"[=<>]", name)[0] for name in project["dependencies"] + project["optional-dependencies"]["test"]
    }
    table = README.split("## Dependencies")[1]
    given = {name.strip() for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE) for name in row.split(",")}
    assert wanted == given - {"package", "---"}


def test_every_file_that_is_shown_or_linked_exists():
    for path in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / path).exists(), path


def test_the_mapping_that_is_shown_is_read(tmp_path):
    shown = re.search(r"```toml\n(.*?)```", README, re.DOTALL)[1]
    path = tmp_path / "mapping.toml"
    path.write_text(shown, encoding="utf-8")
    assert read_mapping(path) is not None


def test_the_lock_pins_every_package_by_hash_and_names_no_index():
    """On a closed network the bureau has its own index; a lock file that names another cannot be used there."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock and "--index" not in lock and "--find-links" not in lock
    pinned = re.findall(r"^[a-z0-9][^\s]*==[^\s]+ \\\n    --hash=sha256:", lock, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[a-z0-9][^\s]*==", lock, re.MULTILINE)) > 50


def test_the_command_line_starts_without_the_heavy_libraries():
    """--help in a second: great-expectations, shap, lightgbm and dagster are loaded where they are needed."""
    code = (
        "import sys; from pipelines.__main__ import command_line; command_line(); print(sorted(set(sys.modules) & "
        "{'great_expectations', 'shap', 'lightgbm', 'dagster', 'pandas', 'duckdb'}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.strip() == "[]"
