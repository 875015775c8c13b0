"""A desk that is killed at every statement of an action in turn, and what it leaves behind.

`python -m tests.desk.review.killed ACTION` with MINGJIAN_HOME and, for another database, DATABASE_URL set; ACTION is one of
ACTIONS. It prints, as JSON, one list for each death: where it died, rows, log entries and outbox rows of the action.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from datetime import date

os.environ["DJANGO_SETTINGS_MODULE"] = "desk.settings"
import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from desk.accounts.models import User  # noqa: E402
from desk.audit.models import Entry  # noqa: E402
from desk.delivery.writer import deliver, folder, waiting_count  # noqa: E402
from desk.review import deciding  # noqa: E402
from desk.review.models import Decision, Disposition, Outbox, Outcome, Reply, Signature  # noqa: E402
from desk.review.standing import standing_of  # noqa: E402
from tests.desk.review.bureau import flag  # noqa: E402
from tests.desk.small_night import NIGHT  # noqa: E402

KILLED = 9
WHY = "十个字以上的理由在此"
ACTIONS = {
    "decide": (Decision, "decided", "outcome"),
    "sign": (Signature, "signed", "outcome"),
    "dispose": (Disposition, "disposed", "disposition"),
    "reply": (Reply, "entered_reply", "replied_on"),
}
"""Of each action: what it adds, its name in the log, and the column of the delivery that it fills."""


def main(action: str) -> None:
    """Die a little later each time, until nothing is left to die at."""
    call_command("migrate", verbosity=0)
    for name in ("first", "second"):
        # one server may see every action: each has people and hints of its own
        User.objects.create_user(f"{name}-{action}", role="discipline_officer", area=["B00"])
    found = []
    for place in range(1, 200):
        hint = flag(f"f{place}", f"{action}-{place}") | {"as_of": NIGHT}
        _prepare(action, hint)
        before = _counts(action)
        connection.close()
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            _die(action, hint, place, writer)
        os.close(writer)
        with os.fdopen(reader) as said:
            died_at = said.read()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        found.append([died_at, *(now - then for now, then in zip(_counts(action), before, strict=True))])
        if status != KILLED:
            break
    deliver()
    with (folder() / "decision.csv").open(encoding="utf-8", newline="") as file:
        own = [row for row in csv.DictReader(file) if row["flag_key"].startswith(f"{action}-")]
    delivered = sum(row[ACTIONS[action][2]] != "" for row in own)
    print(json.dumps({"deaths": found, "status": status, "delivered": delivered, "waiting": waiting_count()}))


def _prepare(action: str, hint: dict) -> None:
    """What has to be there before the action."""
    first, second = _people(action)
    if action in ("sign", "dispose"):
        made = deciding.decide(first, hint, Outcome.TRANSFERRED, WHY, number=0)
    if action == "dispose":
        deciding.sign(second, hint, made.pk, WHY, is_agreed=True)
    if action == "reply":
        deciding.decide(first, hint, Outcome.EXPLAINED, WHY, number=0)


def _people(action: str) -> list[User]:
    return [User.objects.get(username=f"{name}-{action}") for name in ("first", "second")]


def _do(action: str, hint: dict) -> None:
    first, second = _people(action)
    standing = standing_of(hint["flag_key"])
    if action == "decide":
        deciding.decide(first, hint, Outcome.EXPLAINED, WHY, number=0)
    elif action == "sign":
        deciding.sign(second, hint, standing.pending.pk, WHY, is_agreed=True)
    elif action == "dispose":
        deciding.dispose(first, hint, standing.decision.pk, "held", WHY, number=0)
    else:
        deciding.enter_reply(first, hint, WHY, date(2026, 6, 30), last=0)


def _die(action: str, hint: dict, place: int, writer: int) -> None:
    """In the child: act, and die before the statement or the commit of that place."""
    left = place

    def step(name: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.write(writer, name.encode())
            os._exit(KILLED)

    def before(execute, sql, params, many, context):
        step(sql[:60])
        return execute(sql, params, many, context)

    commit = connection._commit

    def before_commit() -> None:
        step("commit")
        commit()

    connection.ensure_connection()
    connection._commit = before_commit
    with connection.execute_wrapper(before):
        _do(action, hint)
    os._exit(0)


def _counts(action: str) -> list[int]:
    model, name, _column = ACTIONS[action]
    return [model.objects.count(), Entry.objects.filter(action=name).count(), Outbox.objects.count()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
