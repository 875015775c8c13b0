"""What holds for every test."""

import os

from hypothesis import settings

# threads that wait by spinning take the core that another one needs
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# no test asserts on wall time: machines are shared
settings.register_profile("mingjian", deadline=None)
settings.load_profile("mingjian")
