"""What a reviewer's conclusion does to hints: exoneration is remembered, an explanation keeps a hint weak.

A flag's key is its subject, family and facts. Once a key is exonerated (澄清) the hint is not raised again by the same
records: only where enough of its evidence became known after the conclusion (`is_renewed`) may it come back. Until then the
officer has neither index nor crossing of that family, on the nights up to the conclusion and on all whose window still
reaches back beyond it, so that no score, label or strength rests on what was cleared. What was explained (已说明) may stay as a hint, but
weak, until its evidence is renewed. A family needs to know nothing of this. Only the latest conclusion of a key counts,
and one that was superseded counts for nothing.

A record whose day of knowledge is not on file counts as known before the conclusion: doubt is the officer's. Where no record
has one, time itself renews: once the window no longer reaches back to the conclusion nothing in it can have been cleared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from models.flags import Flag, Judgement, NotComputable
from models.policy import DecisionPolicy, Policy

ERASING, WEAKENING = "exonerated", "explained"


def standing(decisions: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The conclusion that stands for each flag_key on a night: the latest by then of those that nothing supersedes.

    decisions : decision_id, flag_key, subject_kind, subject_id, family, outcome, decided_on, decided_at, reviewer_hash,
    is_superseded. Known by day; of two of one day the later instant stands, of two of one instant, as where a delivery
    tells days alone, the one of the later identifier.
    """
    instants = {name: pd.to_datetime(decisions[name]) for name in ("decided_on", "decided_at")}
    decided = decisions.assign(**instants)
    decided = decided[(decided["decided_on"] <= pd.Timestamp(as_of)) & ~decided["is_superseded"].astype(bool)]
    ordered = decided.sort_values(["decided_at", "decision_id"])
    return ordered.drop_duplicates("flag_key", keep="last").sort_values("flag_key", ignore_index=True)


def is_renewed(
    flag: Flag, decided_on: pd.Timestamp, known: Mapping[tuple[str, str], date], rule: DecisionPolicy
) -> bool:
    """Whether a hint rests on records that became known after a conclusion.

    known : day on which each record became known, by table and record_id. A hint that shows no record with such a day
    (what is confidential, or a measure of many things) is renewed once its window begins after the conclusion.
    """
    if not any((item.table, item.record_id) in known for item in flag.evidence):
        return pd.Timestamp(flag.window_start_on) > decided_on
    after = [
        item for item in flag.evidence
        if pd.Timestamp(known.get((item.table, item.record_id), decided_on)) > decided_on
    ]  # fmt: skip
    whole = sum(item.weight for item in flag.evidence)
    enough = len(after) >= min(rule.renewed_evidence_count, len(flag.evidence)) and len(after) > 0
    return enough and sum(item.weight for item in after) >= rule.renewed_evidence_share * whole


def remembered(
    judgements: Mapping[str, Judgement],
    decisions: pd.DataFrame,
    known: Mapping[tuple[str, str], date],
    as_of: date,
    policy: Policy,
) -> dict[str, Judgement]:
    """The judgements by family as they stand after the conclusions known that night; see `standing`, `is_renewed`.

    A row of the bureau tells how many hints of a family were not raised again, and names nobody.
    """
    decided = standing(decisions, as_of)
    by_key = decided.set_index("flag_key")
    found = {}
    for family, judgement in judgements.items():
        kept, silent = [], set()
        for flag in judgement.flags:
            outcome = by_key["outcome"].get(flag.flag_key)
            if outcome in (ERASING, WEAKENING) and not is_renewed(
                flag, by_key["decided_on"][flag.flag_key], known, policy.decision
            ):
                if outcome == ERASING:
                    silent.add(flag.flag_key)
                    continue
                if flag.strength in ("moderate", "strong"):
                    flag = replace(flag, strength="weak")
            kept.append(flag)
        cleared = decided[
            (decided["outcome"] == ERASING) & (decided["family"] == family) & (decided["subject_kind"] == "officer")
        ]
        renewed = {flag.flag_key for flag in kept}
        told = (_told(family, len(silent)),) if silent else ()
        found[family] = replace(
            judgement,
            flags=tuple(kept),
            not_computable=(*judgement.not_computable, *told),
            indicator=_erased(judgement.indicator, cleared, renewed, policy.flags.window_days),
        )
    return found


def _erased(indicator: pd.DataFrame, cleared: pd.DataFrame, renewed: set[str], window_days: int) -> pd.DataFrame:
    """The indicator without index and crossing of the officer-nights whose window holds what was cleared."""
    if cleared.empty or indicator.empty:
        return indicator
    # nights up to the conclusion are cleared for good; the year after it only while nothing new has come
    reach = cleared["decided_on"] + pd.Timedelta(days=window_days - 1)
    until = reach.where(~cleared["flag_key"].isin(renewed), cleared["decided_on"])
    last = until.groupby(cleared["subject_id"]).max()
    is_erased = indicator["as_of_on"] <= indicator["officer_id"].map(last)
    return indicator.assign(index=indicator["index"].mask(is_erased), crosses=indicator["crosses"].mask(is_erased))


def _told(family: str, count: int) -> NotComputable:
    return NotComputable(
        "bureau",
        "all",
        family,
        f"{count}条提示已经澄清,且其后没有足够的新记录,未再提出",
        f"{count} hints were exonerated and have too few records since: they are not raised again",
    )
