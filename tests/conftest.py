"""What holds for every test."""

import os

# threads that wait by spinning take the core that another one needs
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
