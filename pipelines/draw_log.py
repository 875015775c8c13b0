"""The log of commits as a file, HOME/draw/commit.csv: written before the folder of a draw, one command at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from models.draw.chain import head, line
from models.draw.log import CLOSED, COMMIT_LOG, FIRST, MADE, Logged, closings, commits, open_commits
from pipelines.draw_file import COMMIT, REVEAL, DrawFailed, json_of, text_of, write
from pipelines.places import Places


@contextmanager
def log_held(places: Places) -> Iterator[None]:
    """The log for one command at a time."""
    places.draw.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (places.draw / ".commit.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def logged(places: Places) -> tuple[list[Logged], list[tuple[str, str]]]:
    """The lines of the log, none where nothing was committed yet, and what is wrong with its chain, Chinese and English."""
    path = places.draw / COMMIT_LOG.file
    return COMMIT_LOG.read(text_of(path), FIRST) if path.exists() else ([], [])


def still_open(places: Places) -> list[Logged]:
    """Commits that are neither revealed nor closed, oldest first."""
    log, _wrong = logged(places)
    return open_commits(log, {each.draw_id for each in log if (places.draw / each.draw_id / REVEAL).exists()})


def closing_of(places: Places, draw_id: str) -> Logged | None:
    """The line by which a draw was given up; None where it was not."""
    return closings(logged(places)[0]).get(draw_id)


def append(places: Places, event: str, draw_id: str, **said: str) -> Logged:
    """Add a line, while the log is held; return it. said : the other fields. Raises DrawFailed where the chain is broken."""
    log, wrong = logged(places)
    if wrong:
        raise DrawFailed(f"{places.draw / COMMIT_LOG.file}: {wrong[0][1]}; nothing is committed or closed behind it")
    blank = dict.fromkeys(("task", "pool_sha256", "object_count", "announced_on", "reason", "by"), "")
    before = head(log[-1]) if log else FIRST
    fresh = Logged(len(log) + 1, event, draw_id, **blank | said, previous_sha256=before)
    path = places.draw / COMMIT_LOG.file
    write(path, (text_of(path) if log else COMMIT_LOG.header) + line(fresh))
    return fresh


def refuse_second(places: Places, draw_id: str, task: str) -> None:
    """Raise DrawFailed where the draw was committed before, or another of the same task is open still."""
    if draw_id in commits(logged(places)[0]):
        raise DrawFailed(f"{draw_id} is committed already, as the log of commits tells; take another identifier")
    for each in still_open(places):
        if each.task == task:
            raise DrawFailed(
                f"{each.draw_id} of {task or 'the draw by class'} is committed and not revealed; reveal it, or close it "
                f"with `mingjian draw close --draw {each.draw_id} --reason ... --by ...`: of several pools one could choose"
            )


def close(places: Places, draw_id: str, reason: str, by: str, closed_at: str) -> Logged:
    """Give up a commit that is not revealed; return its line. Raises DrawFailed."""
    if not reason.strip() or not by.strip():
        raise DrawFailed("--reason and --by must say in words why the draw is given up and who decides it")
    with log_held(places):
        if draw_id not in {each.draw_id for each in still_open(places)}:
            raise DrawFailed(f"{draw_id} is no open commit: it is revealed or closed already, or was never committed")
        said = {"reason": " ".join(reason.split()), "by": " ".join(by.split()), "logged_at": closed_at}
        return append(places, CLOSED, draw_id, **said)


def log_of_draw(places: Places, draw_id: str) -> Iterator[tuple[str, str]]:
    """Whether the log has this draw as its folder has it, in Chinese and English."""
    log, _wrong = logged(places)
    of_draw = [each for each in log if each.draw_id == draw_id and each.event == MADE]
    if len(of_draw) != 1:
        yield (
            f"承诺记录中{draw_id}有{len(of_draw)}条,应为1条",
            f"the log of commits has {draw_id} {len(of_draw)} times, not once",
        )
    else:
        said = json_of(places.draw / draw_id / COMMIT)
        for name in ("task", "pool_sha256", "announced_on"):
            if getattr(of_draw[0], name) != said[name]:
                yield (
                    f"承诺记录中{draw_id}的{name}与commit.json不符",
                    f"{name} of {draw_id} in the log of commits is not that of commit.json",
                )
    if draw_id in closings(log) and (places.draw / draw_id / REVEAL).exists():
        yield f"{draw_id}已撤销,却已揭晓", f"{draw_id} was closed and is revealed all the same"


def log_wrong(places: Places, told: str = "") -> list[tuple[str, str]]:
    """What is wrong with the log as a whole, in Chinese and English. told : `NUMBER:HASH` of a line as it was printed."""
    log, wrong = logged(places)
    number, _colon, digest = told.partition(":")
    if told and {str(each.number): head(each) for each in log}.get(number) != digest:
        zh, en = "不是当初告知的那一条,或已被删除", "is not the one told, or was removed"
        wrong = [*wrong, (f"承诺记录{number}{zh}", f"commit line {number} {en}")]
    return wrong


def log_notes(places: Places, today: date) -> Iterator[tuple[str, str]]:
    """Every commit that is not revealed, with its age, and every one that was given up, in Chinese and English."""
    for each in still_open(places):
        age = (today - date.fromisoformat(each.logged_at[:10])).days
        yield (
            f"抽查{each.draw_id}已承诺{age}天,尚未揭晓(号码公布日{each.announced_on})",
            f"draw {each.draw_id} was committed {age} days ago and is not revealed (number of {each.announced_on})",
        )
    for name, each in closings(logged(places)[0]).items():
        day = each.logged_at[:10]
        yield (
            f"抽查{name}于{day}撤销,决定人{each.by}:{each.reason}",
            f"draw {name} was closed on {day} by {each.by}: {each.reason}",
        )
