"""A PostgreSQL of a test's own, from Debian's package, in a folder that goes with it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLACES = Path("/usr/lib/postgresql")
SERVANTS = ("postgres", "nobody")
"""Users as whom it runs where the test is root, as whom it will not run."""


def programs() -> Path | None:
    """The folder of the newest version's programs; None where none is installed."""
    found = sorted(PLACES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database, until the block ends."""
    # a short path: the socket lies in it, and its name has no room for a long one
    folder = Path(tempfile.mkdtemp(prefix="desk-"))
    binaries, data, port, as_whom = programs(), folder / "data", _free_port(), []
    if os.geteuid() == 0:
        servant = next(name for name in SERVANTS if _exists(name))
        as_whom = ["runuser", "-u", servant, "--"]
        shutil.chown(folder, servant)

    def run(program: str, *arguments: str) -> None:
        command = [*as_whom, str(binaries / program), *arguments]
        # a server keeps its starter's ends of pipes open: it is given none
        with (folder / "said").open("wb") as said:
            subprocess.run(command, check=True, cwd=folder, stdout=said, stderr=said, timeout=60)

    try:
        run("initdb", "-D", str(data), "-U", "desk", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        options = f"-p {port} -k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
        run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            run("createdb", "-h", str(folder), "-p", str(port), "-U", "desk", "desk")
            yield f"postgres://desk@{str(folder).replace('/', '%2F')}:{port}/desk"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _exists(name: str) -> bool:
    return subprocess.run(["id", name], capture_output=True, check=False).returncode == 0


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
