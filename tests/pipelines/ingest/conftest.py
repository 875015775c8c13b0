"""The small bureau, and archives to take it in."""

import copy
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from .small_bureau import BUREAU, Archive, Tables


@pytest.fixture
def bureau() -> Tables:
    """A small delivery without a fault, to change at will."""
    return copy.deepcopy(BUREAU)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An archive that holds nothing yet."""
    return Archive(tmp_path)


@pytest.fixture(scope="session")
def first_archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An archive that holds the small bureau; shared, so for reading only."""
    archive = Archive(tmp_path_factory.mktemp("first"))
    archive.take_in(BUREAU)
    return archive


@pytest.fixture
def begun(archive: Archive, first_archive: Archive) -> Archive:
    """An archive of its own that already holds the small bureau, so that a delivery may hold only what is new."""
    shutil.copytree(first_archive.raw_folder, archive.raw_folder)
    return archive


@pytest.fixture
def patrol(bureau: Tables) -> Callable[..., dict[str, object]]:
    """Make a new good patrol, with some values changed."""

    def make(patrol_id: str, **changes: object) -> dict[str, object]:
        return {**bureau["patrol"][0], "patrol_id": patrol_id, **changes}

    return make
