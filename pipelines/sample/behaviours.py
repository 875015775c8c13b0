"""What is planted: every misconduct pattern and every innocent look-alike, as one list.

Belongs here: what is planted, on whom and in whose words. Does not belong here: who is chosen (planted) and the trace
that a pattern leaves in the records (visits, findings, cases, complaints and the other nouns).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.sample.places import DESK, HANDLER, PATROL

STATION, SMALL_STATION = "station", "small_station"


@dataclass(frozen=True)
class Behaviour:
    """One planted behaviour: its flag family (or two), who may have it, and at least how many have it."""

    name: str
    family: str
    role: int | str
    note_zh: str
    note_en: str
    is_confounder: bool = False
    at_least: int = 1
    second_family: str | None = None


BEHAVIOURS = (
    Behaviour(
        "general_leniency", "leniency", HANDLER, "普遍从宽且无理由", "lenient in general, without reasons", at_least=2
    ),
    Behaviour("lenient_station", "leniency", STATION, "全所一贯从宽,属执法风格", "a whole station is lenient", True),
    Behaviour("two_person_station", "duty_not_separated", SMALL_STATION, "两人所,无法分工", "a station of two", True),
    Behaviour(
        "clustered_complaints", "clustered_complaints", PATROL, "投诉举报集中", "four times the complaints", at_least=2
    ),
    Behaviour(
        "overdue_hot_post", "hot_post_tenure", DESK, "热点岗位逾六年未轮岗", "over six years on a hot post", at_least=2
    ),
    Behaviour("case_withdrawn", "case_dropped", HANDLER, "立案后撤案", "files cases and withdraws them"),
    Behaviour("unfiled_visit", "unfiled_visit", PATROL, "入企检查未报备", "visits without filing"),
    Behaviour("low_finding_rate", "low_finding_rate", PATROL, "检查很少发现问题", "hardly ever finds anything"),
    Behaviour(
        "abusive_complainant", "clustered_complaints", PATROL, "同一人大量投诉", "besieged by one complainant", True
    ),
    Behaviour("pair_leniency", "leniency", HANDLER, "只对三户从宽", "lenient to three merchants only"),
    Behaviour("patrol_padding", "patrol_padding", PATROL, "巡查凑数", "pads visits, on leave days too"),
    Behaviour("proven_mitigation", "leniency", HANDLER, "从轻均有依据", "low fines, each with a proven reason", True),
    Behaviour(
        "threshold_bunching",
        "threshold_bunching",
        HANDLER,
        "罚没额压在三千元下并拆案",
        "fines kept below 3000, cases split",
    ),
    Behaviour(
        "tip_off", "tip_off", PATROL, "通知检查无问题,突击检查有问题", "announced visits clean, unannounced ones not"
    ),
    Behaviour("hardest_market", "clustered_complaints", PATROL, "最难市场网格", "the hardest market grid", True),
    Behaviour("process_delay", "process_delay", HANDLER, "办案拖延", "cases take more than twice as long"),
    Behaviour("relative_firm", "relative_firm", PATROL, "检查亲属企业未回避", "visits firms of kin without recusal"),
    Behaviour(
        "lenient_and_complained",
        "leniency",
        HANDLER,
        "从宽且投诉集中",
        "lenient, and complained about",
        second_family="clustered_complaints",
    ),
    Behaviour("duty_not_separated", "duty_not_separated", PATROL, "自查自办自审", "finds, handles and reviews alone"),
    Behaviour("retaliation", "retaliation", PATROL, "对投诉人频繁检查", "visits those who complained of him"),
    Behaviour("complaint_burst", "clustered_complaints", PATROL, "短期投诉突增", "a short burst of complaints"),
    Behaviour("finding_not_filed", "case_dropped", PATROL, "发现严重问题不移送", "serious findings are not referred"),
    Behaviour(
        "selective_enforcement", "selective_enforcement", PATROL, "对某中介客户不移送", "spares one agent's clients"
    ),
    Behaviour(
        "approved_extension", "hot_post_tenure", DESK, "长期任职但有延期批准", "long tenure, extension approved", True
    ),
    Behaviour(
        "strict_officer", "clustered_complaints", HANDLER, "执法严格,被罚者投诉", "strict; the fined complain", True
    ),
    Behaviour(
        "collective_decision", "leniency", HANDLER, "从宽均经集体讨论", "low fines, all decided collectively", True
    ),
    Behaviour(
        "zero_report_contradiction",
        "zero_report_contradiction",
        STATION,
        "长期零报告但有属实投诉",
        "reports zero, yet upheld complaints",
    ),
    Behaviour("fine_driven", "fine_driven", STATION, "月末集中处罚", "fines at the month's end"),
    Behaviour(
        "rectification_on_paper",
        "rectification_on_paper",
        STATION,
        "整改无证据且复发",
        "closed without evidence, then again",
    ),
)
"""In order of priority: a bureau too small for all of them has the first ones."""


def wanted_behaviours(planted: str | Sequence[str]) -> frozenset[str]:
    """The behaviours to plant: "all", "none", or those named. ValueError for a name that is none."""
    names = [behaviour.name for behaviour in BEHAVIOURS]
    if isinstance(planted, str):
        planted = {"all": names, "none": []}.get(planted, [planted])
    unknown = sorted(set(planted) - set(names))
    if unknown:
        raise ValueError(f"sample: no behaviour is called {unknown[0]!r}; choose all, none, or from {', '.join(names)}")
    return frozenset(planted)
