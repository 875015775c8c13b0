"""The benchmark of the flag families runs; its seconds are printed, never asserted."""

import subprocess
import sys

import pytest

from models.flags import families


@pytest.mark.slow
def test_the_benchmark_of_the_families_runs_at_a_small_size_and_asks_every_family():
    command = [sys.executable, "-m", "tests.benchmark.families", "--merchants", "1500", "--officers", "60"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert all(name in ran.stdout for name in families())
