"""The benchmark of the rotation plan runs, and no plan breaks a rule; its seconds are printed, never asserted."""

import subprocess
import sys

import pytest


@pytest.mark.slow
def test_the_benchmark_of_the_rotation_plan_runs_at_a_small_size_and_breaks_no_rule():
    command = [sys.executable, "-m", "tests.benchmark.rotation", "--seeds", "2", "--stations", "6", "--officers", "40"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "the checker found 0 rules broken" in ran.stdout
    assert "cost 2 of 2" in ran.stdout
