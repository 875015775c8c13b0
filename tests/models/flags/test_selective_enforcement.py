"""Like findings, unlike action: a spared group is found, and what only looks like one is explained."""

import dataclasses
from datetime import timedelta

import pandas as pd
import pytest

from models.flags import selective_enforcement
from tests.models.flags.severe_bureau import NIGHT, is_client, night_of, severe_visits, spare


def judged(visits: pd.DataFrame, **given):
    return selective_enforcement.judge(night_of(visits, **given))


def of(judgement, officer: str):
    return next((flag for flag in judgement.flags if flag.subject_id == officer), None)


def verdicts(flag) -> dict[str, str]:
    return {item.code: item.verdict for item in flag.counter_evidence}


@pytest.fixture(scope="module")
def honest() -> pd.DataFrame:
    return severe_visits(1)


def sparing_clients(visits: pd.DataFrame) -> pd.DataFrame:
    return spare(visits, (visits["lead_officer_id"] == "R03") & is_client(visits))


def test_an_officer_who_spares_the_clients_of_one_agent_is_told_so(honest):
    flag = of(judged(sparing_clients(honest)), "R03")
    assert flag.strength == "moderate" and flag.facts == ("agent",)
    assert flag.interval_low > 1.5 and flag.q_value <= 0.01
    assert "supported" not in verdicts(flag).values()
    assert set(verdicts(flag).values()) == {"not_supported", "unknown"}


def test_honest_officers_who_differ_by_chance_are_not_told():
    flags = [flag for seed in range(4) for flag in judged(severe_visits(seed)).flags]
    assert not [flag for flag in flags if flag.strength != "weak"] and len(flags) <= 1


def test_an_officer_who_refers_nobody_or_everybody_spares_no_group(honest):
    own = honest["lead_officer_id"] == "R03"
    assert of(judged(spare(honest, own)), "R03") is None
    assert of(judged(honest.assign(result=honest["result"].mask(own, "case_referred"))), "R03") is None


def test_a_visit_whose_result_says_referred_is_referred_whatever_became_of_it(honest):
    visits = sparing_clients(honest)
    said = visits.assign(result=visits["result"].mask(visits["referred_on"].isna(), "case_referred"))
    assert not judged(said).flags


def test_a_case_that_came_from_elsewhere_is_neither_his_referral_nor_his_sparing(honest):
    visits = sparing_clients(honest)
    own = (visits["lead_officer_id"] == "R03") & is_client(visits)
    followed = visits.assign(referred_on=visits["referred_on"].mask(own, visits["visited_on"] + timedelta(days=30)))
    cases = pd.DataFrame({"case_id": followed["referred_case_id"], "patrol_id": followed["patrol_id"]})
    cases = cases.assign(case_source="patrol")
    assert of(judged(followed, cases=cases), "R03") is None
    other = cases.assign(patrol_id=cases["patrol_id"].mask(own, "P-other"))
    assert of(judged(followed, cases=other), "R03") is None
    # with some spared beside, those of another visit do not hide them
    half = followed.assign(referred_on=followed["referred_on"].mask(own & (followed.index % 3 != 0)))
    assert of(judged(half, cases=other), "R03").facts == ("agent",)


def test_no_text_and_no_fact_names_the_agent(honest):
    for flag in judged(sparing_clients(honest)).flags:
        assert "digest" not in str(dataclasses.asdict(flag))


def test_firms_of_declared_persons_are_a_group(honest):
    visits = sparing_clients(honest)
    own = visits[(visits["lead_officer_id"] == "R03") & is_client(visits)]
    contacts = pd.DataFrame(
        {"record_table": "patrol", "record_id": own["patrol_id"], "role": "lead", "is_declared_later": False}
    )
    nobody = pd.DataFrame({"merchant_id": [], "person_hash": [], "from_on": [], "to_on": []}, dtype=object)
    flag = of(judged(visits, served=nobody, contacts=contacts), "R03")
    assert flag.facts == ("kin",) and "申报的关联" in flag.summary_zh
    later = judged(visits, served=nobody, contacts=contacts.assign(is_declared_later=True))
    assert of(later, "R03") is None


def test_traders_are_held_against_what_the_bureau_does_with_traders(honest):
    lenient = honest["is_individual_merchant"] & (honest["patrol_id"].str[-1].astype(int) < 6)
    everybody = judged(spare(honest, lenient))
    assert not everybody.flags
    own = honest["lead_officer_id"] == "R03"
    alone = of(judged(spare(honest, own & honest["is_individual_merchant"])), "R03")
    assert alone.facts == ("individual",)


def test_a_pattern_of_small_findings_is_explained_by_their_number(honest):
    own = honest["lead_officer_id"] == "R03"
    shaped = honest.assign(finding_count=honest["finding_count"].mask(own, 3).mask(own & is_client(honest), 1))
    mixed = shaped.assign(finding_count=shaped["finding_count"].mask(own & (honest.index % 2 == 0), 1))
    visits = spare(mixed.assign(referred_on=mixed["referred_on"].mask(own, mixed["visited_on"] + timedelta(days=9))),
                   own & (mixed["finding_count"] == 1))  # fmt: skip
    assert of(judged(visits), "R03") is None


def test_a_pattern_that_rests_on_one_merchant_is_not_held_against_him(honest):
    visits = honest.copy()
    own = visits["lead_officer_id"] == "R03"
    visits.loc[own, "referred_on"] = visits.loc[own, "visited_on"] + timedelta(days=9)
    first = own & is_client(visits) & (visits.index % 2 == 0)
    visits.loc[first, "merchant_id"] = "M03-00"
    flag = of(judged(spare(visits, first)), "R03")
    assert flag is None or flag.strength == "weak"


def test_cases_that_were_filed_late_take_the_hint_away(honest):
    visits = sparing_clients(honest)
    late = visits["referred_on"].mask(visits["referred_on"].isna(), visits["visited_on"] + timedelta(days=75))
    assert of(judged(visits.assign(referred_on=late)), "R03") is None


def test_a_finding_whose_term_is_not_over_is_neither_referred_nor_spared(honest):
    visits = sparing_clients(honest)
    young = visits.head(40).assign(
        patrol_id=[f"Y{number:02d}" for number in range(40)],
        lead_officer_id="R03",
        visited_on=pd.Timestamp(NIGHT) - timedelta(days=30),
        known_on=pd.Timestamp(NIGHT) - timedelta(days=30),
        referred_on=pd.NaT,
    )
    assert judged(pd.concat([visits, young], ignore_index=True)).flags == judged(visits).flags


def test_a_fact_known_tomorrow_changes_nothing_tonight(honest):
    visits = sparing_clients(honest)
    tomorrow = visits.head(50).assign(
        patrol_id=[f"T{number:02d}" for number in range(50)],
        visited_on=pd.Timestamp(NIGHT) - timedelta(days=100),
        known_on=pd.Timestamp(NIGHT) + timedelta(days=1),
    )
    now, then = judged(visits), judged(pd.concat([visits, tomorrow], ignore_index=True))
    assert now.flags == then.flags
    pd.testing.assert_frame_equal(now.indicator, then.indicator)


def test_the_order_of_the_records_is_immaterial(honest):
    visits = sparing_clients(honest)
    assert judged(visits.sample(frac=1, random_state=2)).flags == judged(visits).flags


def test_who_has_too_few_findings_cannot_be_measured(honest):
    gaps = judged(honest).not_computable
    assert [gap.subject_id for gap in gaps] == ["R99"] and "0次" in gaps[0].reason_zh


@pytest.mark.parametrize("column", ["has_patrol", "has_penalty", "has_finding_severity"])
def test_without_what_it_rests_on_the_family_is_not_computable(honest, column):
    judgement = judged(honest, **{column: False})
    assert not judgement.flags and [gap.subject_kind for gap in judgement.not_computable] == ["bureau"]


def test_without_agents_that_group_is_named_as_not_looked_at_and_the_others_go_on(honest):
    nobody = pd.DataFrame({"merchant_id": [], "person_hash": [], "from_on": [], "to_on": []}, dtype=object)
    judgement = judged(honest, served=nobody, has_agent=False)
    assert {gap.subject_kind for gap in judgement.not_computable} == {"bureau", "officer"}
    assert len(judgement.indicator)


def test_the_indicator_crosses_for_him_and_hardly_for_anybody_else(honest):
    table = judged(sparing_clients(honest)).indicator.set_index(["officer_id", "as_of_on"])
    assert table.loc[("R03", pd.Timestamp(NIGHT)), "crosses"]
    assert table.drop(index="R03", level="officer_id")["crosses"].sum() <= 1
