"""Judgements as the tables that are published: flags, their reasons, evidence, counter-evidence, and the gaps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.flags import Flag, Judgement, NotComputable
from models.officer import CONFIDENTIAL, OfficerModel
from models.policy import Policy
from models.reasons import Reasons, explain

if TYPE_CHECKING:
    from pipelines.trained import Trained

OFFICER_MODEL = "officer"


@dataclass(frozen=True)
class OfficerReasons:
    """The officer model's explanation of every officer who serves tonight, or why there is none.

    Who has too little on record for a score of his own is explained all the same: a reminder about his tenure must not
    fall silent for want of complaints.
    """

    reasons: Reasons | None
    why_not: tuple[str, str] = (
        "所涉人员已离任或当前无在任岗位,人员模型对其没有解释",
        "the officers concerned have left or hold no open posting: the officer model does not explain them",
    )

    def rows_of(self, flag: Flag, members: Mapping[str, Sequence[str]]) -> np.ndarray:
        """Positions of the officers whose explanation is this flag's: the officer, or those of the institution.

        A pair is named `officer|other` and has its officer's explanation.
        """
        if self.reasons is None:
            return np.array([], dtype=int)
        if flag.subject_kind == "institution":
            officers = members.get(flag.subject_id, [])
        else:
            officers = [flag.subject_id.split("|")[0]]
        places = self.reasons.frame.index.get_indexer(list(officers))
        return places[places >= 0]

    def can_explain(self, members: Mapping[str, Sequence[str]]) -> Callable[[Flag], bool]:
        """Whether a flag has an explanation: its own, or that of the officer model."""
        return lambda flag: flag.reason is not None or len(self.rows_of(flag, members)) > 0

    def explanation(self, flag: Flag, members: Mapping[str, Sequence[str]]) -> pd.DataFrame:
        """The rows of flag_reason for one flag: its own, or the mean over the institution's officers.

        The officer model's CONFIDENTIAL features have no value there, only a contribution.
        """
        if flag.reason is not None:
            return pd.DataFrame(
                {
                    "model": flag.reason.model,
                    "record_id": flag.subject_id,
                    "feature": flag.reason.features,
                    "value": flag.reason.values,
                    "contribution": flag.reason.contributions,
                    "base_value": flag.reason.base_value,
                    "raw_score": flag.reason.raw_score,
                }
            )
        rows = self.rows_of(flag, members)
        frame = self.reasons.frame
        values = pd.DataFrame(frame.to_numpy(dtype=float)[rows])
        return pd.DataFrame(
            {
                "model": OFFICER_MODEL,
                "record_id": flag.subject_id,
                "feature": frame.columns.to_numpy(),
                "value": values.mean(axis=0).mask(frame.columns.isin(CONFIDENTIAL)).to_numpy(),
                "contribution": self.reasons.contribution[rows].mean(axis=0),
                "base_value": self.reasons.base_value[rows].mean(),
                "raw_score": self.reasons.raw_score[rows].mean(),
            }
        )


def officer_scores(
    model: OfficerModel | None, trained: Trained | None, tonight: pd.DataFrame, policy: Policy, night: date
) -> tuple[pd.DataFrame, OfficerReasons, list[NotComputable]]:
    """The published officer_score, the explanations of tonight, and what could not be computed.

    `tonight` is the panel of tonight, one row per officer.
    """
    if model is None:
        if trained is None:
            why = (
                "尚无本版本训练的人员模型,且本次不训练",
                "no officer model has been trained by this version yet, and this night does not train",
            )
        else:
            why = (trained.state["zh"], trained.state["en"])
        scores = pd.DataFrame(
            {
                "as_of": pd.Timestamp(night),
                "officer_id": tonight["officer_id"],
                "integrity_score": np.nan,
                "rank": pd.array([None] * len(tonight), dtype="Int64"),
                "is_evaluable": False,
                "label_source": None,
            }
        )
        return scores, OfficerReasons(None, why), [NotComputable("bureau", "all", "officer_score", *why)]
    scores = model.score(tonight, policy)
    scores.insert(0, "as_of", pd.Timestamp(night))
    scores["label_source"] = model.label_source
    reasons = OfficerReasons(explain(model.scorer, model.frame(tonight)))
    days = tonight.set_index("officer_id")["service_day_count_12m"]
    gaps = [
        NotComputable("officer", officer, "officer_score", *_why_not_scored(days[officer], policy))
        for officer in scores.loc[~scores["is_evaluable"], "officer_id"]
    ]
    return scores, reasons, gaps


def _why_not_scored(service_days: float, policy: Policy) -> tuple[str, str]:
    needed = policy.flags.min_service_days
    if service_days < needed:
        return (
            f"近12个月服务{service_days:.0f}天,至少需要{needed}天",
            f"{service_days:.0f} days of service in 12 months; at least {needed} are needed",
        )
    return (
        "各类疑点的统计量均无法计算(原因见各该类疑点),没有可据以评分的依据",
        "no family can measure him (see those families for why): nothing to score him by",
    )


def flag_frames(
    judgements: Mapping[str, Judgement],
    reasons: OfficerReasons,
    members: Mapping[str, Sequence[str]],
    gaps: Sequence[NotComputable],
    night: date,
) -> dict[str, pd.DataFrame]:
    """The published flag tables by name; every flag must have an explanation."""
    flags = [flag for family in sorted(judgements) for flag in judgements[family].flags]
    not_computable = [*gaps, *(gap for family in sorted(judgements) for gap in judgements[family].not_computable)]
    named = [(flag.flag_id(night), flag) for flag in flags]
    # record_kind only tells which hints may make one another strong
    unpublished = ("facts", "evidence", "counter_evidence", "windows", "reason", "record_kind", "peers")
    plain = [
        {"flag_id": flag_id, "flag_key": flag.flag_key}
        | {name: value for name, value in vars(flag).items() if name not in unpublished}
        for flag_id, flag in named
    ]
    evidence = [{"flag_id": flag_id, **asdict(item)} for flag_id, flag in named for item in flag.evidence]
    counter = [
        {"flag_id": flag_id} | {name: value for name, value in vars(item).items() if name != "log_odds_left"}
        for flag_id, flag in named
        for item in flag.counter_evidence
    ]
    windows = [{"flag_id": flag_id, **asdict(item)} for flag_id, flag in named for item in flag.windows]
    peers = [
        {"flag_id": flag_id, "peer_number": number, **vars(peer)}
        for flag_id, flag in named
        for number, peer in enumerate(flag.peers)
    ]
    explained = [reasons.explanation(flag, members).assign(flag_id=flag_id) for flag_id, flag in named]
    return {
        "red_flag": pd.DataFrame(plain).assign(as_of=pd.Timestamp(night)),
        "flag_reason": pd.concat(explained, ignore_index=True) if explained else pd.DataFrame(),
        "flag_evidence": pd.DataFrame(evidence),
        "flag_counter_evidence": pd.DataFrame(counter),
        "flag_window": pd.DataFrame(windows),
        "flag_peer": pd.DataFrame(peers),
        "not_computable": _gap_frame(not_computable, night),
    }


def _gap_frame(gaps: Sequence[NotComputable], night: date) -> pd.DataFrame:
    """One row per subject and family: several reasons for the same are joined, a repeated one is said once."""
    if not gaps:
        return pd.DataFrame()
    said = pd.DataFrame([asdict(gap) for gap in gaps]).drop_duplicates()
    subject = ["subject_kind", "subject_id", "family"]
    joined = said.groupby(subject, sort=True).agg(
        reason_zh=("reason_zh", "；".join), reason_en=("reason_en", "; ".join)
    )
    return joined.reset_index().assign(as_of=pd.Timestamp(night))
