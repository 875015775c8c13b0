"""Judgements become the tables that are published: every flag explained, every gap said once."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from models import policy
from models.boosted import BoostedTrees
from models.flags import CounterEvidence, Evidence, Flag, Judgement, NotComputable, Peer
from models.officer import CONFIDENTIAL, FEATURES, MEASURES, OfficerModel, learned
from models.reasons import explain
from pipelines.flag_tables import OfficerReasons, flag_frames, officer_scores

NIGHT = date(2026, 6, 30)
MEMBERS = {"S1": ["R1", "R2"], "S2": []}


def flag(subject_kind: str, subject_id: str, **changes) -> Flag:
    plain = {
        "family": "leniency",
        "strength": "weak",
        "window_start_on": date(2025, 7, 1),
        "window_end_on": NIGHT,
        "statistic_name": "position_effect",
        "statistic": -0.2,
        "observed": 0.2,
        "expected": 0.4,
        "interval_low": -0.3,
        "interval_high": -0.1,
        "exposure_count": 40,
        "exposure_unit": "decision",
        "peer_group": "case_handling",
        "peer_count": 9,
        "peer_median": 0.4,
        "p_value": 0.001,
        "q_value": 0.01,
        "summary_zh": "风险提示:40件",
        "summary_en": "Risk hint: 40 decisions",
        "rule_trace": "",
        "facts": ("own_effect",),
        "evidence": (Evidence("penalty", "C1", 1.0, "低", "low"),),
        "counter_evidence": (CounterEvidence("few_cases", "not_supported", "40件", "40 decisions"),),
    }
    return Flag(subject_kind=subject_kind, subject_id=subject_id, **{**plain, **changes})


@pytest.fixture(scope="module")
def reasons() -> OfficerReasons:
    random = np.random.default_rng(1)
    frame = pd.DataFrame(random.normal(size=(300, 2)), columns=["a", "b"])
    model = BoostedTrees(rounds=20, min_rows_per_leaf=10).fit(frame, (frame["a"] > 0).astype(float))
    officers = pd.DataFrame(
        {"a": [1.0, -1.0, 0.2], "b": [np.nan, 0.5, 0.1]}, index=pd.Index(["R1", "R2", "R3"], name="officer_id")
    )
    return OfficerReasons(explain(model, officers))


def frames(reasons: OfficerReasons, *flags: Flag, gaps=()) -> dict[str, pd.DataFrame]:
    return flag_frames({"leniency": Judgement(flags=flags)}, reasons, MEMBERS, list(gaps), NIGHT)


@pytest.mark.parametrize("subject", [("officer", "R1"), ("institution", "S1"), ("pair", "R2|M7")])
def test_the_explanation_of_a_flag_adds_up_whatever_its_subject(reasons, subject):
    explained = frames(reasons, flag(*subject))["flag_reason"]
    assert (
        abs(explained["base_value"].iloc[0] + explained["contribution"].sum() - explained["raw_score"].iloc[0]) <= 1e-6
    )


def test_a_pair_is_explained_by_its_officer_and_an_institution_by_the_mean_of_its_officers(reasons):
    each = {name: frames(reasons, flag("officer", name))["flag_reason"] for name in ("R1", "R2")}
    pair = frames(reasons, flag("pair", "R2|M7"))["flag_reason"]
    assert pair["contribution"].tolist() == each["R2"]["contribution"].tolist()
    station = frames(reasons, flag("institution", "S1"))["flag_reason"]
    mean = (each["R1"]["contribution"] + each["R2"]["contribution"]) / 2
    assert np.allclose(station["contribution"], mean, atol=1e-12)
    assert station["value"].tolist() == pytest.approx([0.0, 0.5])


def test_whether_a_hint_lasts_is_published_and_the_kind_of_record_it_rests_on_is_not(reasons):
    told = frames(reasons, flag("officer", "R1", is_lasting=True, record_kind="visits"))["red_flag"]
    assert told["is_lasting"].tolist() == [True] and "record_kind" not in told


def test_the_peers_of_a_flag_are_numbered_from_the_subject_on_and_nobody_is_named(reasons):
    peers = (Peer(40, 0.2, 0.4, -0.2, -0.3, -0.1), Peer(None, None, None, -0.1, None, None))
    told = frames(reasons, flag("officer", "R1", peers=peers), flag("officer", "R2"))
    rows = told["flag_peer"]
    assert rows["peer_number"].tolist() == [0, 1] and rows["statistic"].tolist() == [-0.2, -0.1]
    assert rows["flag_id"].nunique() == 1 and "peers" not in told["red_flag"]
    assert not rows.astype("str").isin(["R1", "R2"]).any(axis=None)


def test_no_value_that_counts_or_dates_complaints_is_published_and_the_sum_still_holds():
    random = np.random.default_rng(3)
    panel = pd.DataFrame(random.random((300, len(FEATURES + MEASURES))), columns=[*FEATURES, *MEASURES])
    scorer = learned(panel, (panel["complainant_load_1y"] > 0.5).to_numpy(dtype=float), np.zeros(len(panel)))
    officers = panel.head(2).set_axis(pd.Index(["R1", "R2"], name="officer_id"))
    told = OfficerReasons(explain(scorer, officers))
    for subject in (("officer", "R1"), ("institution", "S1")):
        rows = frames(told, flag(*subject))["flag_reason"].set_index("feature")
        assert set(rows.index[rows["value"].isna()]) == set(CONFIDENTIAL)
        assert rows.loc["complainant_load_1y", "contribution"] != 0
        assert abs(rows["base_value"].iloc[0] + rows["contribution"].sum() - rows["raw_score"].iloc[0]) <= 1e-6
    spoken_of = [name for name in FEATURES + MEASURES if "compl" in name or "retaliation" in name]
    assert set(spoken_of) <= set(CONFIDENTIAL) <= set(FEATURES + MEASURES)


def test_who_is_not_evaluable_or_has_no_officers_cannot_be_explained(reasons):
    can_explain = reasons.can_explain(MEMBERS)
    assert can_explain(flag("officer", "R1"))
    assert not can_explain(flag("officer", "R9"))
    assert not can_explain(flag("institution", "S2"))
    assert not OfficerReasons(None).can_explain(MEMBERS)(flag("officer", "R1"))


def test_why_an_officer_is_not_scored_is_told_as_it_is():
    """Who has left, who serves too few days and who cannot be measured are three things; each is told as itself."""
    random = np.random.default_rng(2)
    panel = pd.DataFrame(random.random((300, len(FEATURES + MEASURES))), columns=[*FEATURES, *MEASURES])
    label = (panel["clustered_complaints_index"] > 0.5).to_numpy(dtype=float)
    scorer = learned(panel, label, np.zeros(len(panel)))
    tonight = panel.head(3).assign(
        officer_id=["R1", "R2", "R3"],
        service_day_count_12m=[365.0, 12.0, 365.0],
        is_measured=[True, True, False],
    )
    scores, reasons, gaps = officer_scores(OfficerModel(scorer, "weak", {}), None, tonight, policy.on(NIGHT), NIGHT)
    assert scores.set_index("officer_id")["is_evaluable"].to_dict() == {"R1": True, "R2": False, "R3": False}
    told = {gap.subject_id: gap.reason_zh for gap in gaps}
    assert set(told) == {"R2", "R3"}
    assert "服务12天" in told["R2"] and "均无法计算" in told["R3"] and "天" not in told["R3"]
    assert "已离任" in reasons.why_not[0] and "have left" in reasons.why_not[1]


def test_the_key_of_a_flag_stays_the_same_on_another_night_and_its_identifier_does_not():
    """A decision on a flag must find it again; a published night must not confuse it with another night's."""
    one = flag("officer", "R1")
    later = flag("officer", "R1", statistic=-0.25, window_end_on=date(2026, 7, 1))
    assert one.flag_key == later.flag_key
    assert one.flag_id(NIGHT) != later.flag_id(date(2026, 7, 1))
    assert one.flag_key != flag("officer", "R1", facts=("pair_effect",)).flag_key


def test_two_reasons_for_one_gap_are_joined_and_a_repeated_one_is_said_once(reasons):
    gaps = [
        NotComputable("officer", "R1", "leniency", "件数不足", "too few decisions"),
        NotComputable("officer", "R1", "leniency", "件数不足", "too few decisions"),
        NotComputable("officer", "R1", "leniency", "无同类", "no peers"),
    ]
    said = frames(reasons, gaps=gaps)["not_computable"]
    assert said[["reason_zh", "reason_en"]].to_numpy().tolist() == [["件数不足；无同类", "too few decisions; no peers"]]
