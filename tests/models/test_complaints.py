from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from models import policy
from models.complaints import (
    burst_tail,
    combined,
    complaint_rates,
    counted_complaints,
    distinct_complainants,
    expected_counts,
    exposed,
    largest_burst,
    noise_shape,
)
from models.flags import Night, clustered_complaints

TONIGHT = date(2026, 6, 30)
BEFORE = TONIGHT - timedelta(days=365)
RULES = policy.on(TONIGHT).flags
OFFICERS = [f"R{number:02d}" for number in range(40)]
LOUD = "R07"


def officers(complainants: dict[str, int] | None = None, night: date = TONIGHT, **changes) -> pd.DataFrame:
    """Forty patrol officers of urban stations with 200 visits each, six to a station."""
    rows = pd.DataFrame(
        {
            "officer_id": OFFICERS,
            "as_of_on": pd.Timestamp(night),
            "post": "patrol",
            "station_kind": "urban_station",
            "institution_id": [f"S{number // 6}" for number in range(40)],
            "visit_count_12m": 200,
            "unit_id": [f"S{number // 6}" for number in range(40)],
            "market_visit_count_12m": 40,
            "service_day_count_12m": 365,
            "complainant_count_12m": [(complainants or {}).get(name, 2) for name in OFFICERS],
            "handled_complaint_count_12m": 0,
        }
    )
    return rows.assign(**changes)


def complaint_records(counts: dict[str, int], **changes) -> pd.DataFrame:
    """So many complaints of each officer in the last year, spread evenly, each of somebody else."""
    rows = [
        {
            "complaint_id": f"Q{officer}{number:04d}",
            "officer_id": officer,
            "received_on": pd.Timestamp(TONIGHT) - pd.Timedelta(days=(2 * number + 1) * 180 // count),
            "kind": "officer_feedback",
            "is_public": True,
            "channel": "12345",
            "category": "delay",
            "complainant_key": f"{officer}K{number:04d}",
            "has_complainant": True,
            "is_duplicate": False,
            "is_market": False,
            "was_penalised_before": False,
            "follows_special_visit": False,
            "outcome": "pending",
        }
        for officer, count in counts.items()
        for number in range(count)
    ]
    return pd.DataFrame(rows).assign(**changes)


ORDINARY = {name: (0, 1, 1, 2, 3, 6)[number % 6] for number, name in enumerate(OFFICERS)}


def at_grids(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    """Visits and complainants of officers in grids: (officer, grid, visits, complainants)."""
    return pd.DataFrame(rows, columns=["officer_id", "grid_id", "visit_count_12m", "complainant_count_12m"])


def judged(
    complaints: pd.DataFrame,
    rows: pd.DataFrame | None = None,
    has_officer: bool = True,
    grids: pd.DataFrame | None = None,
):
    if rows is None:
        distinct = distinct_complainants(
            complaints[complaints["is_public"] & ~complaints["is_duplicate"]], pd.Index(OFFICERS)
        ).to_dict()
        rows = pd.concat([officers(ORDINARY, BEFORE), officers(distinct)], ignore_index=True)
    frames = {
        "core.delivery": pd.DataFrame(
            {"has_complaint_officer": [has_officer], "has_complaint_merchant": True, "has_handler": True}
        ),
        "feature.officer": rows,
        "feature.officer_complaint": complaints,
        "feature.officer_grid": at_grids() if grids is None else grids,
        "feature.repeat_complaint": pd.DataFrame(),
    }
    # no more than the family names, so that a column it reads in silence is missed
    needs = clustered_complaints.NEEDS.items()
    taken = {name: frames[name][list(columns)] if columns else frames[name] for name, columns in needs}
    return clustered_complaints.judge(Night(TONIGHT, policy.on(TONIGHT), taken))


def _tonight(complaints: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """The exposed officers of tonight and their complainants."""
    rows = exposed(officers(), RULES).set_index("officer_id")
    return rows, distinct_complainants(complaints, rows.index)


@pytest.fixture(scope="module")
def loud():
    return judged(complaint_records(ORDINARY | {LOUD: 24}))


def test_visits_are_the_exposure_of_who_visits_and_days_of_service_of_the_others():
    rows = officers().assign(
        visit_count_12m=[29, 30, 0] + [200] * 37, service_day_count_12m=[365, 365, 89] + [365] * 37
    )
    found = exposed(rows, RULES).set_index("officer_id")
    assert found.loc["R00", ["exposure", "exposure_unit"]].tolist() == [365.0, "service_day"]
    assert found.loc["R01", ["exposure", "exposure_unit"]].tolist() == [30.0, "visit"]
    assert "R02" not in found.index


def test_the_peers_rate_leaves_the_officer_himself_out():
    rows = exposed(officers({LOUD: 1000}), RULES)
    found = expected_counts(rows, rows["complainant_count_12m"], RULES).set_index(rows["officer_id"])
    assert np.isclose(found.loc[LOUD, "expected"], 2.0)
    assert found.loc["R00", "expected"] > 20


def test_who_stands_out_is_no_reference_for_the_others():
    rows = exposed(officers({LOUD: 100}), RULES).set_index("officer_id")
    found = complaint_rates(rows, rows["complainant_count_12m"], RULES)
    assert np.isclose(found.loc["R00", "expected"], 2.0, rtol=0.01)
    assert found.loc[LOUD, "ratio"] > 20


def test_accusations_and_duplicates_are_not_counted():
    records = complaint_records({"R00": 4})
    records["is_public"] = [True, True, False, True]
    records["is_duplicate"] = [False, True, False, False]
    records["outcome"] = ["pending", "pending", "pending", "duplicate"]
    first_on = pd.Timestamp(TONIGHT) - pd.Timedelta(days=364)
    assert list(counted_complaints(records, first_on, pd.Timestamp(TONIGHT))["complaint_id"]) == ["QR000000"]


def test_ten_complaints_of_one_person_count_as_one():
    records = complaint_records({"R00": 10}, complainant_key="one")
    assert distinct_complainants(records, pd.Index(["R00", "R01"])).to_dict() == {"R00": 1, "R01": 0}


def test_the_densest_span_is_found():
    assert largest_burst(np.array([1, 2, 3, 60, 61, 200]), 60) == 4
    assert largest_burst(np.array([0, 60]), 60) == 1
    assert largest_burst(np.array([]), 60) == 0


def test_a_burst_is_rare_and_evenly_spread_complaints_are_not():
    assert burst_tail([8], [8], [365], 60)[0] < 0.001
    assert burst_tail([2], [8], [365], 60)[0] > 0.5
    assert burst_tail([1], [1], [365], 60)[0] == 1.0
    assert burst_tail([8], [8], [50], 60)[0] == 1.0, "the window is all of his service"


@pytest.mark.parametrize(("burst", "count"), [(4, 5), (5, 7), (6, 10)])
def test_the_chance_of_a_burst_is_what_searching_many_draws_finds(burst, count):
    days = np.random.default_rng(0).integers(0, 365, (20_000, count))
    found = np.mean([largest_burst(row, 60) >= burst for row in days])
    assert burst_tail([burst], [count], [365], 60)[0] == pytest.approx(found, rel=0.2)


def test_two_p_values_join_into_one_that_is_valid_whatever_ties_them():
    random = np.random.default_rng(2)
    p_value = random.random(40_000)
    assert np.mean(combined(p_value, p_value) <= 0.05) <= 0.052
    assert np.mean(combined(p_value, random.random(40_000)) <= 0.05) <= 0.052


def test_noise_is_what_does_not_last_from_one_window_to_the_next():
    random = np.random.default_rng(4)
    expected = np.full(6000, 4.0)
    lasting = random.gamma(1.5, 1 / 1.5, 6000)
    windows = [
        pd.DataFrame({"observed": random.poisson(expected * lasting * noise), "expected": expected})
        for noise in (random.gamma(8, 1 / 8, 6000), random.gamma(8, 1 / 8, 6000))
    ]
    assert 6 < noise_shape(*windows) < 11
    calm = [pd.DataFrame({"observed": random.poisson(expected * lasting), "expected": expected}) for _ in range(2)]
    assert noise_shape(*calm) > 40


def test_nobody_is_named_where_nobody_differs():
    assert judged(complaint_records(ORDINARY)).flags == ()


def test_an_officer_with_many_complainants_is_named_with_his_numbers(loud):
    (flag,) = loud.flags
    assert (flag.subject_id, flag.strength, flag.exposure_unit) == (LOUD, "moderate", "visit")
    assert flag.observed == 24 and 2 < flag.expected < 3.5 and flag.peer_count == 39
    assert 1.5 < flag.interval_low < flag.statistic < flag.interval_high
    raw = f"24/{flag.expected:.1f}={24 / flag.expected:.1f}"
    for number in ("24", "200", "39", raw, f"{flag.statistic:.1f}"):
        assert number in flag.summary_zh and number in flag.summary_en
    assert f"收缩估计为同类的{flag.statistic:.1f}倍(95%可信区间" in flag.summary_zh
    assert "count tail p < 0.0001" in flag.rule_trace and "0.0000" not in flag.rule_trace
    assert {item.table for item in flag.evidence} == {"complaint"} and len(flag.evidence) == RULES.evidence_limit
    assert not any("K0" in item.note_zh + item.note_en for item in flag.evidence), "who complained stays unnamed"


def test_one_abusive_complainant_makes_no_hint():
    records = complaint_records(ORDINARY | {LOUD: 300})
    records.loc[records["officer_id"] == LOUD, "complainant_key"] = "one"
    assert judged(records).flags == ()


def test_complaints_of_merchants_whom_he_penalised_make_no_hint():
    records = complaint_records(ORDINARY | {LOUD: 24})
    records["was_penalised_before"] = (records["officer_id"] == LOUD) & ~records["complaint_id"].str.endswith(
        ("00", "01")
    )
    found = judged(records)
    assert found.flags == ()
    own = found.indicator[found.indicator["officer_id"] == LOUD]
    assert len(own) == 2 and own["index"].isna().all() and own["crosses"].isna().all()
    assert found.indicator.loc[found.indicator["officer_id"] != LOUD, "crosses"].notna().all()
    assert LOUD not in {row.subject_id for row in found.not_computable}


def station_verdict(loud_colleagues: tuple[str, ...]) -> str:
    """What is said of the station of R06 to R11 where R07 and these colleagues are loud."""
    found = judged(complaint_records(ORDINARY | dict.fromkeys((LOUD, *loud_colleagues), 24)))
    flags = {flag.subject_id: flag for flag in found.flags}
    if LOUD not in flags:
        return "cleared"
    return next(item.verdict for item in flags[LOUD].counter_evidence if item.code == "station_wide")


def test_one_loud_colleague_is_not_the_station_and_a_loud_station_is():
    assert station_verdict(("R08",)) == "not_supported"
    assert station_verdict(("R06", "R08", "R09", "R10", "R11")) == "cleared"


def test_one_colleague_alone_says_nothing_of_a_station():
    records = complaint_records(ORDINARY | {LOUD: 24, "R08": 24})
    distinct = distinct_complainants(records, pd.Index(OFFICERS)).to_dict()
    units = ["apart" if name in (LOUD, "R08") else "S" for name in OFFICERS]
    rows = pd.concat([officers(ORDINARY, BEFORE), officers(distinct, unit_id=units)], ignore_index=True)
    flag = next(flag for flag in judged(records, rows).flags if flag.subject_id == LOUD)
    assert {item.code: item.verdict for item in flag.counter_evidence}["station_wide"] == "unknown"


def test_officers_who_are_gone_are_counted_and_not_named():
    records = complaint_records(ORDINARY | {"gone1": 30, "gone2": 3})
    told = [row for row in judged(records).not_computable if "离任" in row.reason_zh]
    assert {(row.subject_kind, row.subject_id) for row in told} == {("bureau", "all")}
    assert {row.family for row in told} == {"clustered_complaints", "officer_score"}
    assert all("2人" in row.reason_zh and "2 officers" in row.reason_en for row in told)


def test_a_market_explains_what_markets_bring_to_everyone():
    rows = officers().assign(market_visit_count_12m=[190 if name in (LOUD, "R08", "R09") else 2 for name in OFFICERS])
    busy = complaint_records(ORDINARY | {LOUD: 24, "R08": 22, "R09": 20})
    busy["is_market"] = busy["officer_id"].isin([LOUD, "R08", "R09"])
    rows["complainant_count_12m"] = distinct_complainants(busy, pd.Index(OFFICERS)).to_numpy()
    found = judged(busy, pd.concat([officers(ORDINARY, BEFORE), rows], ignore_index=True))
    assert all(flag.strength == "weak" for flag in found.flags)
    supported = [item.code for flag in found.flags for item in flag.counter_evidence if item.verdict == "supported"]
    assert not found.flags or "hard_grid" in supported


def test_a_burst_alone_is_never_more_than_weak():
    records = complaint_records(ORDINARY | {LOUD: 8})
    own = records["officer_id"] == LOUD
    records.loc[own, "received_on"] = pd.Timestamp(TONIGHT) - pd.to_timedelta(np.arange(8), unit="D")
    found = judged(records)
    (flag,) = found.flags
    assert (flag.subject_id, flag.strength, flag.facts) == (LOUD, "weak", ("burst",))
    assert (flag.statistic_name, flag.observed, flag.exposure_count) == ("burst_rate_ratio", 8, 60)
    level = complaint_rates(*_tonight(records), RULES).loc[LOUD]
    assert np.isclose(flag.expected, level["expected"] * 60 / 365)
    assert flag.p_value == burst_tail([8], [8], [365], 60)[0] < flag.q_value
    assert "scan p" in flag.rule_trace and "P(rate >" not in flag.rule_trace and "tail" not in flag.rule_trace
    assert flag.interval_low < flag.statistic < flag.interval_high


def test_accusations_raise_nothing():
    records = pd.concat(
        [complaint_records(ORDINARY), complaint_records({LOUD: 60}, kind="accusation", is_public=False)],
        ignore_index=True,
    )
    records["complaint_id"] = [f"Q{number:05d}" for number in range(len(records))]
    assert judged(records).flags == ()


def test_too_little_exposure_and_too_few_peers_are_told_with_the_numbers():
    rows = officers(ORDINARY).assign(
        visit_count_12m=[12, 200, 200] + [200] * 37,
        service_day_count_12m=[40, 365, 365] + [365] * 37,
        post=["patrol", "permit", "permit"] + ["patrol"] * 37,
    )
    found = judged(complaint_records(ORDINARY), rows)
    reasons = {row.subject_id: row.reason_en for row in found.not_computable}
    assert set(reasons) == {"R00", "R01", "R02"}
    assert reasons["R00"].startswith("12 visits (at least 30) and 40 days of service (at least 90) in 12 months")
    assert reasons["R01"] == "1 peers of the same post and kind of station; at least 5 are needed"


def test_where_nobody_has_peers_the_bureau_is_told_why_nothing_can_be_compared():
    (row,) = judged(complaint_records(ORDINARY), officers(ORDINARY).assign(post=OFFICERS)).not_computable
    assert (row.subject_kind, row.reason_en[:11]) == ("bureau", "nobody has ")


def test_without_the_officer_concerned_the_bureau_is_told_once():
    (row,) = judged(complaint_records(ORDINARY), has_officer=False).not_computable
    assert (row.subject_kind, row.subject_id) == ("bureau", "all")


def test_the_order_of_the_records_changes_nothing(loud):
    records = complaint_records(ORDINARY | {LOUD: 24})
    again = judged(records.sample(frac=1, random_state=1))
    assert again.flags == loud.flags and again.not_computable == loud.not_computable


def test_who_works_where_everybody_is_complained_of_is_expected_to_be():
    """Trap (a) of DOMAIN.md 3.0: the officer with the most complaints on the hardest grid."""
    hard = at_grids((LOUD, "G1", 200, 14), *((name, "G1", 100, 9) for name in OFFICERS[:4]), *_easy())
    (counter,) = [flag for flag in judged(complaint_records(ORDINARY | {LOUD: 12}), grids=_calm()).flags]
    assert code(counter, "same_grids").verdict == "not_supported"
    assert judged(complaint_records(ORDINARY | {LOUD: 12}), grids=hard).flags == ()


def test_where_nobody_else_works_in_his_grids_nothing_is_explained():
    (flag,) = judged(complaint_records(ORDINARY | {LOUD: 12})).flags
    assert code(flag, "same_grids").verdict == "unknown"


def _calm() -> pd.DataFrame:
    return at_grids((LOUD, "G1", 200, 14), *((name, "G1", 100, 1) for name in OFFICERS[:4]), *_easy())


def _easy() -> list[tuple[str, str, int, int]]:
    return [(name, f"G{number}", 200, 2) for number, name in enumerate(OFFICERS[8:], start=2)]


def code(flag, name: str):
    return next(item for item in flag.counter_evidence if item.code == name)


def test_fewer_than_five_people_are_no_hint_however_little_is_expected():
    calm = dict.fromkeys(OFFICERS, 0) | {"R01": 3, "R02": 3, "R03": 4, LOUD: 4}
    assert LOUD not in {flag.subject_id for flag in judged(complaint_records(calm)).flags}
