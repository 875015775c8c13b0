"""The benchmark of the patrol plan runs, and its plan keeps every rule; its seconds are printed, never asserted."""

import subprocess
import sys

import pytest


@pytest.mark.slow
def test_the_benchmark_of_the_patrol_plan_runs_at_a_small_size_and_breaks_no_rule():
    command = [sys.executable, "-m", "tests.benchmark.patrol", "--merchants", "3000"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "the checker found 0 rules broken" in ran.stdout
    assert "by hand, the most pressing first" in ran.stdout
