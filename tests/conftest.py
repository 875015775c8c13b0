"""What holds for every test."""

import os

from hypothesis import settings

# threads that wait by spinning take the core that another one needs
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# no test asserts on wall time: machines are shared
settings.register_profile("mingjian", deadline=None)
settings.load_profile("mingjian")

LONGEST = ("test_night.py", "test_drifting.py", "test_night_without_model.py", "test_postgresql.py")
"""Files of whole nights: what takes longest begins first, so that no core waits for it at the end."""


def pytest_collection_modifyitems(items):
    """The longest files first, all others in their order."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONGEST)))
