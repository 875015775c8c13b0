"""A second synthetic bureau, for measuring only: it shares no code and no assumption with the one that is shipped."""

from tests.world.delivery import write_world
from tests.world.planted import LOOK_ALIKES, PATTERNS
from tests.world.world import UNTIL, World, make_world

__all__ = ["LOOK_ALIKES", "PATTERNS", "UNTIL", "World", "make_world", "write_world"]
