"""Who has too few records to be measured, and how many he has: never the same as 'clean'."""

from __future__ import annotations

from collections.abc import Sequence

from models.complaint_cell import count_words
from models.flags import Night, NotComputable
from models.hint.window import Measured


def too_few(
    subject_kind: str, subjects: Sequence[str], family: str, patterns: Sequence[Measured], night: Night
) -> list[NotComputable]:
    """Why each of these cannot be measured: the records that each pattern has of him in the longest window."""
    days = night.policy.flags.long_days
    counts = [pattern.ledger.counts(pattern.ledger.inside(night.as_of, days)) for pattern in patterns]
    return [_gap(subject_kind, subject, family, patterns, counts, days) for subject in subjects]


def _gap(
    subject_kind: str,
    subject: str,
    family: str,
    patterns: Sequence[Measured],
    counts: Sequence[dict[str, int]],
    days: int,
) -> NotComputable:
    zh, en = [], []
    for pattern, held in zip(patterns, counts, strict=True):
        question, count = pattern.asked.question, held.get(subject, 0)
        count_zh, count_en = count_words(count) if question.is_confidential else (str(count), str(count))
        zh.append(f"{days}天内{count_zh}{question.record[0]},至少需要{question.least_exposure}")
        en.append(f"{count_en} {question.record[1]} in {days} days; at least {question.least_exposure} are needed")
    zh, en = zh or ["无可比记录"], en or ["there are no records to compare"]
    return NotComputable(subject_kind, subject, family, "；".join(dict.fromkeys(zh)), "; ".join(dict.fromkeys(en)))
