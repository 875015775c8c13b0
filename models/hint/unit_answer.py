"""A family's questions asked of institutions: what each of them does as one, held against all the others.

The records name the institution where others name an officer, so that the method is the same: like records, shrinkage by
how much institutions differ, exact tail, three windows, explanations measured anew. Station practice explains nothing
here, for it is what is asked about. Strength: clear or lasting (models/strength.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from models.flags import CounterEvidence, Flag, Night, NotComputable
from models.hint.counter import Counter, explained_away
from models.hint.gap import too_few
from models.hint.question import Asked
from models.hint.told import lasting_words, measured_fields, rate_peers, weightiest_records, window_words
from models.hint.window import Measured, measured
from models.shrinkage import benjamini_hochberg, probability_words
from models.strength import single_strength

FEWEST_UNITS = 4
"""Fewer institutions than this are not compared: there is no telling what is usual."""
PEERS = "institutions"
HIS = re.compile(r"\bhis\b")


def of_units(question_records: pd.DataFrame) -> pd.DataFrame:
    """Records with a unit_id as records of that institution: it takes the officer's place."""
    return question_records.assign(officer_id=question_records["unit_id"], unit_id=PEERS)


def unit_answer(
    night: Night, family: str, asked: Sequence[Asked], units: Iterable[str]
) -> tuple[list[Flag], list[NotComputable]]:
    """Hints about institutions, and which of `units` cannot be measured. The records are those of `of_units`."""
    policy = night.policy
    known = [each.known_by(night.as_of) for each in asked]
    patterns = [measured(each, night.as_of, policy) for each in known if len(each.records)]
    cells = _cells(patterns, night)
    unmeasured = sorted(set(units) - set(cells["unit"]))
    reasons = too_few("institution", unmeasured, family, patterns, night)
    if len(cells) < FEWEST_UNITS:
        few = f"仅{len(cells)}个机构记录足够,至少需要{FEWEST_UNITS}个方可比较"
        why = f"{len(cells)} institutions have enough records; {FEWEST_UNITS} are needed to compare them"
        return [], [NotComputable("bureau", "all", family, few, why), *reasons]
    cells["q"] = benjamini_hochberg(cells["weighed_p"].to_numpy())
    fired = cells[(cells["weighed_p"] < 1) & (cells["q"] <= policy.flags.false_discovery_rate)]
    flags = [_hint(patterns[cell.pattern], cell, night) for cell in fired.itertuples()]
    return [flag for flag in flags if flag is not None], reasons


def _cells(patterns: Sequence[Measured], night: Night) -> pd.DataFrame:
    """unit, pattern, days and weighed_p of the weightiest pattern and window of every institution that can be measured."""
    parts = [pd.DataFrame({"unit": [], "weighed_p": [], "pattern": [], "days": []})]
    for number, pattern in enumerate(patterns):
        found = pattern.over_windows(night.policy.flags)
        weighed = np.minimum(found["p_value"] * len(patterns), 1.0)
        parts.append(
            pd.DataFrame({"unit": found.index, "weighed_p": weighed, "pattern": number, "days": found["days"]})
        )
    every = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    every = every.sort_values(["unit", "weighed_p", "pattern"], kind="stable")
    return every.drop_duplicates("unit").astype({"pattern": int, "days": int}).reset_index(drop=True)


def _hint(measured_: Measured, cell, night: Night) -> Flag | None:
    """The hint, or None where an explanation takes all of it."""
    policy, question = night.policy.flags, measured_.asked.question
    rates = measured_.rates[cell.days]
    row, others = rates.loc[cell.unit], rates.drop(index=cell.unit)
    window = measured_.ledger.inside(night.as_of, cell.days)
    counter = tuple(
        item
        for item in Counter(measured_, cell.days, night.policy, window).of(cell.unit)
        if item.code != "station_practice"
    )
    counter = tuple(_of_institution(item) for item in counter)
    explained = explained_away(counter, float(np.log(policy.odds_ratio)), question.is_fewer_worse)
    if explained == "wholly":
        return None
    is_lasting = measured_.lasts(cell.unit, cell.days, policy)
    span_zh, span_en = window_words(cell.days)
    again_zh, again_en, again = lasting_words(cell.days, is_lasting, policy)
    count, hit, expected = int(row["exposure_count"]), int(row["hit_count"]), float(row["expected_count"])
    measure = question.record[0][0]
    return Flag(
        subject_kind="institution",
        subject_id=str(cell.unit),
        strength=single_strength(cell.q, is_lasting, explained),
        peer_group=PEERS,
        peer_count=len(others),
        peer_median=float(others["ratio"].median()) if len(others) else None,
        summary_zh=f"风险提示(机构):近{span_zh}{count}{question.record[0]}中{hit}{measure}{question.hit[0]},按其他机构同类情形"
        f"预期{expected:.1f};收缩估计为预期的{row['ratio']:.2f}倍(95%可信区间{row['ratio_low']:.2f}至"
        f"{row['ratio_high']:.2f}),可比机构{len(others)}个{again_zh};属机构管理事项,不指向个人",
        summary_en=f"Risk hint (institution): {hit} of {count} {question.record[1]} in {span_en} {question.hit[1]}, where "
        f"like ones of other institutions lead to expect {expected:.1f}; shrunk {row['ratio']:.2f} times the expected "
        f"share (95 % credible interval {row['ratio_low']:.2f} to {row['ratio_high']:.2f}), {len(others)} other "
        f"institutions{again_en}. A matter of the institution, not of a person",
        rule_trace=f"pattern {question.pattern}, window {cell.days} days; "
        + probability_words(f"P(odds > {policy.odds_ratio} x expected)", row["probability"])
        + f" >= {policy.posterior_confidence}; {probability_words('exact p', row['p_value'])}, "
        f"{probability_words('windows together, corrected for patterns, p', cell.weighed_p)}; "
        f"{probability_words('q', cell.q)}, at most {policy.false_discovery_rate} allowed; "
        f"records {count} >= {question.least_exposure}; spread of log-odds among institutions {row['peer_spread']:.2f}; {again}",
        evidence=weightiest_records(measured_, cell.unit, window, night.policy),
        counter_evidence=counter,
        windows=measured_.windows_of(cell.unit),
        is_lasting=is_lasting,
        peers=rate_peers(question, rates.loc[[cell.unit]], others),
        **measured_fields(measured_, cell.days, cell.unit, cell.weighed_p, cell.q),
    )


def _of_institution(item: CounterEvidence) -> CounterEvidence:
    """The same verdict in words about an institution."""
    zh = item.detail_zh.replace("他人", "其他机构")
    return replace(item, detail_zh=zh, detail_en=HIS.sub("its", item.detail_en))
