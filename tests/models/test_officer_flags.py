"""What the officers' families say of a synthetic bureau whose truth is known: found, and above all not found."""

from datetime import date
from statistics import median
from types import SimpleNamespace

import pandas as pd
import pytest

from models import officer, policy
from models.flags import Night, clustered_complaints, hot_post_tenure, leniency
from models.officer_label import Labels, label_panel
from models.strength import strengthen
from pipelines.nights import bound_values
from pipelines.sample import make_bureau
from pipelines.temporary_warehouse import build_needed
from tests.records import raw_records

TONIGHT = date(2026, 6, 30)
RULES = policy.on(TONIGHT)
FAMILIES = (leniency, clustered_complaints, hot_post_tenure)
INNOCENT = (
    "lenient_station",
    "proven_mitigation",
    "collective_decision",
    "abusive_complainant",
    "strict_officer",
    "hardest_market",
    "approved_extension",
    "two_person_station",
)


@pytest.fixture(scope="module")
def bureau() -> SimpleNamespace:
    made = make_bureau(merchants=6000)
    connection = raw_records(made.tables)
    values = bound_values(TONIGHT, RULES, is_training=True)
    needs = sorted({table for family in FAMILIES for table in family.NEEDS} | {"core.integrity_outcome"})
    build_needed(connection, tuple(needs), values, lambda table: None)
    frames = {table: connection.execute(f"select * from {table} order by all").df() for table in needs}
    night = Night(TONIGHT, RULES, frames)
    judged = strengthen({family.FAMILY: family.judge(night) for family in FAMILIES})
    return SimpleNamespace(frames=frames, judged=judged, truth=made.truth.to_pandas())


def strengths(bureau: SimpleNamespace, family: str, kind: str = "officer") -> dict[str, str]:
    return {flag.subject_id: flag.strength for flag in bureau.judged[family].flags if flag.subject_kind == kind}


def planted(bureau: SimpleNamespace, behaviour: str, kind: str = "officer") -> set[str]:
    truth = bureau.truth
    found = set(truth.loc[(truth["behaviour"] == behaviour) & (truth["subject_kind"] == kind), "subject_id"])
    assert found, f"the bureau plants no {behaviour}"
    return found


def test_every_officer_who_is_lenient_in_general_is_found(bureau):
    lenient = planted(bureau, "general_leniency") | planted(bureau, "lenient_and_complained")
    assert lenient <= set(strengths(bureau, "leniency"))


def test_nobody_else_is_called_lenient(bureau):
    lenient = planted(bureau, "general_leniency") | planted(bureau, "lenient_and_complained")
    assert set(strengths(bureau, "leniency")) <= lenient | planted(bureau, "pair_leniency")


def test_the_lenient_station_is_a_hint_about_the_station(bureau):
    assert planted(bureau, "lenient_station", "institution") == set(strengths(bureau, "leniency", "institution"))


def test_leniency_to_a_few_is_found_as_pairs(bureau):
    favoured = {pair.split("|")[0] for pair in strengths(bureau, "leniency", "pair")}
    assert planted(bureau, "pair_leniency") <= favoured


@pytest.mark.parametrize("behaviour", INNOCENT)
def test_an_innocent_explanation_leaves_no_more_than_a_weak_hint(bureau, behaviour):
    officers = planted(bureau, behaviour)
    truth = bureau.truth
    guilty = set(truth.loc[~truth["is_confounder"].astype(bool), "subject_id"])
    for family in ("leniency", "clustered_complaints"):
        found = strengths(bureau, family)
        assert {found.get(name, "weak") for name in officers - guilty} == {"weak"}, family


def test_an_approved_extension_raises_no_reminder(bureau):
    """The approval was given for the post: its clock is excused, the station's is not."""
    extended = bureau.frames["feature.officer_tenure"].query("has_extension and as_of_on == @TONIGHT")
    assert len(extended) > 0
    reminded = {flag.subject_id for flag in bureau.judged["hot_post_tenure"].flags if flag.facts[0] == "post"}
    assert reminded and not set(extended["officer_id"]) & reminded


def test_every_officer_overdue_on_a_hot_post_is_reminded_of(bureau):
    assert planted(bureau, "overdue_hot_post") <= set(strengths(bureau, "hot_post_tenure"))
    assert set(strengths(bureau, "hot_post_tenure").values()) == {"reminder"}


def test_most_officers_with_clustered_complaints_are_found(bureau):
    clustered = planted(bureau, "clustered_complaints") | planted(bureau, "lenient_and_complained")
    assert len(clustered & set(strengths(bureau, "clustered_complaints"))) >= len(clustered) / 2


def test_two_kinds_of_record_that_agree_are_strong_and_nothing_else_is(bureau):
    strong = {
        flag.subject_id for judgement in bureau.judged.values() for flag in judgement.flags if flag.strength == "strong"
    }
    assert strong <= planted(bureau, "lenient_and_complained")


def test_every_hint_carries_its_exposure_its_interval_and_tested_explanations(bureau):
    for judgement in bureau.judged.values():
        for flag in judgement.flags:
            assert flag.interval_low <= flag.interval_high and flag.exposure_count > 0
            assert flag.evidence and flag.counter_evidence
            assert flag.window_start_on < flag.window_end_on == TONIGHT
            if flag.strength != "reminder":
                assert flag.summary_zh.startswith("风险提示") and 0 < flag.p_value <= flag.q_value <= 1
            else:
                assert flag.summary_zh.startswith("轮岗提醒") and flag.p_value is None
    keys = [flag.flag_key for judgement in bureau.judged.values() for flag in judgement.flags]
    assert len(keys) == len(set(keys))


def test_the_first_peer_is_the_subject_and_as_many_are_told_as_are_counted(bureau):
    told = [flag for judgement in bureau.judged.values() for flag in judgement.flags if flag.peers]
    assert {flag.family for flag in told} == {family.FAMILY for family in FAMILIES}
    for flag in told:
        own, *others = flag.peers
        assert own.statistic == pytest.approx(flag.statistic, abs=1e-12)
        if flag.family != "clustered_complaints":
            assert len(others) == flag.peer_count
            assert own.exposure_count == flag.exposure_count and own.observed == pytest.approx(flag.observed)
            assert own.expected == pytest.approx(flag.expected)
            assert (own.interval_low, own.interval_high) == pytest.approx((flag.interval_low, flag.interval_high))
            assert median(peer.statistic for peer in others) == pytest.approx(flag.peer_median)


def test_of_complaints_nothing_but_the_ratio_is_told_of_anyone(bureau):
    """A count of one, or an interval from which it could be found, would tell that somebody complained."""
    flags = bureau.judged["clustered_complaints"].flags
    assert any(flag.peers for flag in flags)
    for peer in (peer for flag in flags for peer in flag.peers):
        counted = (peer.exposure_count, peer.observed, peer.expected, peer.interval_low, peer.interval_high)
        assert counted == (None,) * 5 and peer.statistic > 0


def test_every_officer_is_answered_by_every_family(bureau):
    serving = set(bureau.frames["feature.officer"].query("as_of_on == @TONIGHT")["officer_id"])
    for family in ("leniency", "clustered_complaints"):
        judgement = bureau.judged[family]
        measured = judgement.indicator[judgement.indicator["as_of_on"] == pd.Timestamp(TONIGHT)]
        explained = set(measured.loc[measured["index"].isna(), "officer_id"])
        assert not explained & set(strengths(bureau, family))
        told = {row.subject_id for row in judgement.not_computable if row.subject_kind == "officer"}
        # who can be measured over two years only has no index of the year, and is not told to be unmeasurable
        assert set(measured["officer_id"]) | told <= serving
        assert not set(measured["officer_id"]) & told
        if family == "clustered_complaints":
            assert set(measured["officer_id"]) | told == serving


def test_the_officer_model_can_be_learned_from_weak_labels(bureau):
    panel = officer.assemble_panel(
        bureau.frames["feature.officer"], {name: judgement.indicator for name, judgement in bureau.judged.items()}
    )
    labels = label_panel(panel, officer.SCORED_FAMILIES, bureau.frames["core.integrity_outcome"], TONIGHT, RULES)
    assert isinstance(labels, Labels) and labels.source == "weak"
    scored = officer.fit(panel, labels).score(panel[panel["as_of_on"] == pd.Timestamp(TONIGHT)], RULES)
    assert scored["integrity_score"].nunique() > 10


def test_who_is_explained_away_does_not_lead_the_officer_model(bureau):
    """The complaints of those he fined explain the strict officer's: neither measure nor label may bring him up again."""
    panel = officer.assemble_panel(
        bureau.frames["feature.officer"], {name: judgement.indicator for name, judgement in bureau.judged.items()}
    )
    labels = label_panel(panel, officer.SCORED_FAMILIES, bureau.frames["core.integrity_outcome"], TONIGHT, RULES)
    scored = officer.fit(panel, labels, with_card=False).score(panel[panel["as_of_on"] == pd.Timestamp(TONIGHT)], RULES)
    rank = scored.set_index("officer_id")["rank"]
    explained = sorted(planted(bureau, "strict_officer") - set(strengths(bureau, "clustered_complaints")))
    complained = sorted(planted(bureau, "clustered_complaints") | planted(bureau, "lenient_and_complained"))
    assert explained and rank[explained].min() > max(rank[complained].max(), rank.max() / 4)
