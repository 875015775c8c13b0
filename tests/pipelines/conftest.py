"""Nights of tests keep their runs in memory: what Dagster writes of a run is a fifth of a small night's time."""

from contextlib import contextmanager

import pytest
from dagster import DagsterInstance

KEPT = DagsterInstance.get
"""The instance that bureaus use, with its records in HOME."""


@pytest.fixture(scope="session", autouse=True)
def runs_in_memory():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DagsterInstance, "get", DagsterInstance.ephemeral)
        yield


@pytest.fixture(scope="session")
def kept_runs(runs_in_memory):
    """A context in which a night keeps its runs as a bureau's does."""

    @contextmanager
    def keeping():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(DagsterInstance, "get", KEPT)
            yield

    return keeping
