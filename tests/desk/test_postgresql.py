"""What the desk keeps, it keeps on PostgreSQL as on SQLite: the tests marked `both_databases`, run there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desk.postgresql import postgresql, programs

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(
    programs() is None, reason="PostgreSQL is not installed (Debian: postgresql); the desk was tested on SQLite"
)
def test_what_the_desk_keeps_it_keeps_on_postgresql_as_on_sqlite():
    with postgresql() as address:
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-m", "both_databases", "tests/desk"],
            cwd=ROOT,
            env={**os.environ, "MINGJIAN_TEST_DATABASE_URL": address, "PYTEST_ADDOPTS": "-n 0"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert ended.returncode == 0, ended.stdout[-8000:] + ended.stderr[-2000:]
    assert int(re.search(r"(\d+) passed", ended.stdout).group(1)) >= 10
