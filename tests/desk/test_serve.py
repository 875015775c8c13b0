"""The desk as a server: where it listens, what it prints, and how it stops."""

import signal
import socket
import subprocess
import sys
from io import StringIO
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import build_opener

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.desk.test_security import ROOT

PROGRAM = "from pipelines.__main__ import main; raise SystemExit(main())"


def taken_port() -> socket.socket:
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    held.listen()
    return held


def free_port() -> int:
    with taken_port() as held:
        return held.getsockname()[1]


def mingjian(home: Path, *arguments: str) -> subprocess.Popen:
    command = [sys.executable, "-c", PROGRAM, *arguments, "--home", str(home)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_desk_prints_its_address_answers_there_and_stops_when_it_is_told_to(tmp_path):
    port = free_port()
    server = mingjian(tmp_path, "desk", "--port", str(port))
    try:
        line = server.stdout.readline()
        assert f"http://127.0.0.1:{port}/" in line, server.communicate(timeout=60)
        answer = build_opener().open(f"http://127.0.0.1:{port}/", timeout=60)
        assert answer.url.endswith("/account/sign-in/") and "<form" in answer.read().decode()
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        with pytest.raises(HTTPError) as missing:
            build_opener().open(f"http://127.0.0.1:{port}/static/../settings.py", timeout=60)
        assert missing.value.code == 404
    finally:
        server.send_signal(signal.SIGTERM)
        _, said = server.communicate(timeout=60)
    assert server.returncode == 0
    assert "Traceback" not in said
    assert (tmp_path / "desk" / "desk.sqlite3").exists()


def test_an_account_is_made_through_the_command_line_of_the_nights(tmp_path):
    made = mingjian(
        tmp_path, "desk-user", "chen", "--role", "discipline_officer", "--area", "S01", "S02", "--no-officer"
    )
    out, said = made.communicate(timeout=120)
    assert made.returncode == 0 and "chen" in out, said
    refused = mingjian(tmp_path, "desk-user", "chen", "--role", "king", "--change")
    _, said = refused.communicate(timeout=120)
    assert refused.returncode == 1 and said.startswith("king is none of the roles")


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "desk.bureau.example"])
def test_other_addresses_than_this_machines_own_must_be_named_first(home, host):
    with pytest.raises(CommandError, match="MINGJIAN_DESK_HOSTS"):
        call_command("serve", "--host", host, stdout=StringIO())
    assert not (home / "desk").exists()


@pytest.mark.django_db
def test_a_port_that_somebody_has_is_told(home):
    with taken_port() as held, pytest.raises(CommandError, match="give another with --port"):
        call_command("serve", "--port", str(held.getsockname()[1]), stdout=StringIO())
