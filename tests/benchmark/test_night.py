"""The benchmark runs; its figures are printed, never asserted: these machines are noisy."""

import subprocess
import sys

import pytest


@pytest.mark.slow
def test_the_benchmark_runs_at_a_small_size(tmp_path):
    command = [sys.executable, "-m", "tests.benchmark", "--merchants", "3000", "--folder", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "night with --train never" in ran.stdout
