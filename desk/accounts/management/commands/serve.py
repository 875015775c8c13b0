"""`python -m desk serve`: bring the database up to date, then answer until stopped."""

from __future__ import annotations

import socket
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db import connections

from desk.access.in_force import tell_rules
from desk.command import DeskCommand
from desk.delivery.writer import Forgotten, deliver

LOOPBACK = ("127.0.0.1", "localhost", "::1")
WORKERS, THREADS = 2, 2
"""Processes, and threads of each: a few people at once, on a machine that also runs the nights."""
SECONDS = 60
"""After so long without an answer a worker is taken for stuck."""


class Command(DeskCommand):
    """The desk as one server, for this machine alone unless its other names are told."""

    help = "open the review desk"
    requires_system_checks = "__all__"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **given: Any) -> None:
        """Serve; never returns but by a signal."""
        host, port = given["host"], given["port"]
        if host not in LOOPBACK and host not in settings.DEPLOYMENT.hosts:
            raise CommandError(
                f"the desk does not answer to {host}: name it in MINGJIAN_DESK_HOSTS (now {settings.DEPLOYMENT.desk_hosts}), "
                "and put TLS before it (MINGJIAN_DESK_HTTPS=1)"
            )
        refuse_taken(host, port)
        settings.DEPLOYMENT.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        call_command("migrate", verbosity=0)
        call_command("clearsessions")
        tell_rules()
        # a desk that was killed between a decision and its delivery delivers now
        try:
            deliver()
        except OSError as error:
            raise CommandError(f"the desk cannot write its delivery ({error}); let this account write there") from error
        except Forgotten as error:
            raise CommandError(str(error)) from error
        if host not in LOOPBACK and not settings.DEPLOYMENT.desk_https:
            self.stderr.write(
                "Without TLS passwords and records cross the network in the clear: MINGJIAN_DESK_HTTPS=1."
            )
        connections.close_all()
        self._serve(host, port)

    def _serve(self, host: str, port: int) -> None:
        from gunicorn.app.base import BaseApplication

        command = self

        class Server(BaseApplication):
            def load_config(self) -> None:
                shown = f"[{host}]" if ":" in host else host
                told = {
                    "bind": f"{shown}:{port}",
                    "workers": WORKERS,
                    "worker_class": "gthread",
                    "threads": THREADS,
                    "timeout": SECONDS,
                    "loglevel": "warning",
                    "proc_name": "mingjian-desk",
                    "control_socket_disable": True,
                    "when_ready": lambda server: command.say(
                        f"复核台已打开 · the desk is open: http://{shown}:{port}/"
                    ),
                }
                for name, value in told.items():
                    self.cfg.set(name, value)

            def load(self) -> Any:
                from desk.wsgi import application

                return application

        Server().run()

    def say(self, sentence: str) -> None:
        """Print at once, also where nobody sits at a terminal."""
        self.stdout.write(sentence)
        self.stdout.flush()


def refuse_taken(host: str, port: int) -> None:
    """Raise CommandError where somebody else listens already, or nobody may."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(f"port {port} of {host} cannot be had ({error}); give another with --port") from error
