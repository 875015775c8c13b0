"""The benchmark of the desk runs and opens every page; its seconds are printed, never asserted."""

import subprocess
import sys

import pytest

from tests.benchmark.desk import HINTS, LISTS, STAFFING


@pytest.mark.slow
def test_the_benchmark_of_the_desk_opens_every_page_at_a_small_size():
    command = [sys.executable, "-m", "tests.benchmark.desk", "--merchants", "5000"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "a bare scan" in ran.stdout
    assert not [name for name, _address in (*LISTS, *HINTS, *STAFFING) if name not in ran.stdout]
