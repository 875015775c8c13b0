"""Each planted behaviour leaves its trace in the records, and each innocent look-alike its innocent one."""

import numpy as np
import pytest

from pipelines.contract import published_tables
from pipelines.sample.behaviours import BEHAVIOURS

FACTS = ("eliminated_harm", "confessed", "hardship", "slight_and_corrected")
HONEST = "not in (select subject_id from truth)"


@pytest.fixture(scope="module")
def ask(database):
    """Ask for one value or one row; $behaviour is bound where a behaviour is given."""

    def asked(query, behaviour=None):
        rows = database.execute(query, {"behaviour": behaviour} if behaviour else None).fetchall()
        assert len(rows) == 1
        return rows[0][0] if len(rows[0]) == 1 else rows[0]

    return asked


@pytest.fixture(scope="module")
def residual(database):
    """Frame of decided cases with what their position lacks against the facts of the case, fitted on honest handlers."""
    cases = database.execute(
        f"""
        select case_id, lead_officer_id, merchant_id, institution_id, collective_discussed_on,
            violation_code, is_first_offence, was_corrected_promptly, party_kind, exemption_code is not null as is_exempt,
            coalesce(mitigation_codes, '') as facts, ln(amount_involved_yuan + 1) as depth, decided_on >= '2025-01-01' as late,
            (fine_yuan - statutory_min_yuan) / (statutory_max_yuan - statutory_min_yuan) as position,
            lead_officer_id {HONEST} and institution_id not in (select subject_id from truth where behaviour in
                ('lenient_station', 'fine_driven')) as is_honest
        from penalty where outcome in ('fined', 'warned', 'no_penalty')
        """
    ).df()
    columns = [np.ones(len(cases))]
    columns += [cases["violation_code"] == code for code in sorted(cases["violation_code"].unique())[1:]]
    columns += [cases["facts"].str.contains(fact) for fact in FACTS]
    for name in ("is_first_offence", "was_corrected_promptly", "late", "depth", "is_exempt"):
        columns.append(cases[name])
    columns.append(cases["party_kind"] == "legal")
    facts = np.column_stack([np.asarray(column, dtype=float) for column in columns])
    honest = cases["is_honest"].to_numpy()
    weights, *_ = np.linalg.lstsq(facts[honest], cases["position"].to_numpy()[honest], rcond=None)
    cases["residual"] = cases["position"] - facts @ weights
    return cases


def _subjects(database, behaviour, kind="officer"):
    found = database.execute(
        "select subject_id, started_on from truth where behaviour = $behaviour and subject_kind = $kind",
        {"behaviour": behaviour, "kind": kind},
    ).fetchall()
    assert found, behaviour
    return found


def test_every_behaviour_is_in_the_truth_with_a_family_that_the_contract_knows(bureau):
    found = set(bureau.truth["behaviour"].to_pylist())
    assert found == {behaviour.name for behaviour in BEHAVIOURS}
    families = published_tables()["red_flag"].column("family").values
    assert set(bureau.truth["family"].to_pylist()) <= set(families)


def test_who_is_both_lenient_and_complained_about_is_in_two_families(bureau):
    rows = bureau.truth.to_pylist()
    families = {row["family"] for row in rows if row["behaviour"] == "lenient_and_complained"}
    assert families == {"leniency", "clustered_complaints"}


@pytest.mark.parametrize("behaviour", ["general_leniency", "lenient_and_complained"])
def test_a_lenient_officer_lies_a_quarter_below_what_the_facts_lead_to_expect(database, residual, behaviour):
    for officer, since in _subjects(database, behaviour):
        own = residual[residual["lead_officer_id"] == officer]["residual"]
        assert -0.4 < own.tail(20).mean() < -0.2, (officer, since)


def test_an_honest_officer_lies_near_what_the_facts_lead_to_expect(residual):
    honest = residual[residual["is_honest"]].groupby("lead_officer_id")["residual"]
    means = honest.mean()[honest.size() >= 15]
    assert len(means) >= 4 and means.abs().max() < 0.09


def test_leniency_to_three_merchants_shows_there_only(database, residual):
    for officer, _ in _subjects(database, "pair_leniency"):
        own = residual[residual["lead_officer_id"] == officer]
        pairs = own.groupby("merchant_id")["residual"].agg(["size", "mean"])
        favoured = pairs.index[(pairs["size"] >= 3) & (pairs["mean"] < -0.2)]
        assert len(favoured) == 3
        assert abs(own[~own["merchant_id"].isin(favoured)]["residual"].mean()) < 0.09


def test_the_lenient_station_is_lenient_as_a_whole(database, residual):
    for station, _ in _subjects(database, "lenient_station", "institution"):
        own = (
            residual[residual["institution_id"] == station].groupby("lead_officer_id")["residual"].agg(["size", "mean"])
        )
        handlers = own[own["size"] >= 10]["mean"]
        assert len(handlers) >= 2 and handlers.max() < -0.1


def test_the_officer_with_proven_reasons_is_low_but_as_expected(database, residual):
    for officer, _ in _subjects(database, "proven_mitigation"):
        own = residual[residual["lead_officer_id"] == officer]
        others = residual[residual["is_honest"]]
        assert own["position"].mean() < others["position"].mean() - 0.1
        assert abs(own["residual"].mean()) < 0.09
        assert ((own["facts"] != "") | own["is_exempt"]).mean() > 0.9


def test_collective_decisions_are_low_and_all_discussed(database, residual):
    for officer, _ in _subjects(database, "collective_decision"):
        own = residual[residual["lead_officer_id"] == officer]
        assert own["residual"].mean() < -0.15
        assert own["collective_discussed_on"].notna().mean() > 0.85


def test_clustered_complaints_are_several_times_the_peers(ask):
    rate = """
        select sum(complaints) / sum(visits) from (
            select officer_id,
                (select count(distinct complainant_hash) from complaint where complaint.officer_id = officer.officer_id
                 and kind in ('officer_feedback', 'handling_complaint') and received_at >= '2025-07-01') as complaints,
                (select count(*) from patrol where officer.officer_id in (lead_officer_id, co_officer_id)
                 and started_at >= '2025-07-01') as visits
            from officer where officer_id """
    usual = ask(rate + HONEST + ")")
    for behaviour in ("clustered_complaints", "lenient_and_complained"):
        assert ask(rate + "in (select subject_id from truth where behaviour = $behaviour))", behaviour) > 2.5 * usual


def test_a_burst_of_complaints_is_short_and_by_many_people(ask):
    people, everyone = ask(
        """
        select count(distinct complainant_hash) filter (where received_at between started_on and started_on + 25),
            count(distinct complainant_hash) from complaint join truth on officer_id = subject_id
        where behaviour = $behaviour and kind <> 'accusation' and received_at >= started_on - 365
        """,
        "complaint_burst",
    )
    assert people >= 12 and people > 0.4 * everyone


def test_the_abusive_complainant_is_one_person_with_hundreds_of_complaints(ask):
    most, people, upheld = ask(
        """
        select max(n), count(*), sum(n_upheld) filter (where n > 50) from (
            select complainant_hash, count(*) as n, count(*) filter (where outcome in ('upheld', 'partly_upheld')) as n_upheld
            from complaint join truth on officer_id = subject_id where behaviour = $behaviour
            and received_at >= '2025-07-01' group by all)
        """,
        "abusive_complainant",
    )
    assert most > 200 and people < 40 and upheld == 0


def test_the_hardest_market_has_the_most_complaints_about_merchants(ask):
    assert ask(
        """
        select grid_id = (select posting.grid_id from posting join truth on officer_id = subject_id
                          where behaviour = $behaviour and ended_on is null)
        from complaint join merchant using (merchant_id) where complaint.officer_id is null
        group by grid_id order by count(*) desc limit 1
        """,
        "hardest_market",
    )


def test_merchants_that_the_strict_officer_fined_complain_of_him(ask):
    penalised, upheld, position, usual = ask(
        """
        select avg((exists (from penalty where penalty.merchant_id = complaint.merchant_id
                and lead_officer_id = subject_id and decided_on <= received_at))::int),
            avg((outcome = 'upheld')::int),
            (select avg((fine_yuan - statutory_min_yuan) / (statutory_max_yuan - statutory_min_yuan))
             from penalty where lead_officer_id = any_value(subject_id)),
            (select avg((fine_yuan - statutory_min_yuan) / (statutory_max_yuan - statutory_min_yuan)) from penalty)
        from complaint join truth on officer_id = subject_id
        where behaviour = $behaviour and complaint.merchant_id is not null
        """,
        "strict_officer",
    )
    assert penalised > 0.6 and upheld < 0.15 and position > usual + 0.1


@pytest.mark.parametrize(("behaviour", "post"), [("overdue_hot_post", None), ("approved_extension", "extended")])
def test_long_tenure_is_over_six_years_on_one_post_with_gaps_under_ninety_days(database, behaviour, post):
    for officer, _ in _subjects(database, behaviour):
        stints = database.execute(
            """select post, started_on, ended_on, extension_ref from posting where officer_id = $officer
            order by started_on desc""",
            {"officer": officer},
        ).fetchall()
        start, current = stints[0][1], stints[0][0]
        for earlier in stints[1:]:
            if earlier[0] != current or (start - earlier[2]).days > 90:
                break
            start = earlier[1]
        assert (np.datetime64("2026-06-30") - np.datetime64(start)).astype(int) > 6 * 365
        assert (stints[0][3] is not None) == (post == "extended")


def test_nobody_else_is_over_six_years_on_a_hot_post(ask):
    assert (
        ask(
            f"""select count(*) from posting where ended_on is null and started_on < date '2020-06-30'
            and post not in ('patrol', 'legal_review', 'general_office') and officer_id {HONEST}"""
        )
        == 0
    )


def test_a_unit_was_renamed_in_the_middle_of_a_posting(ask):
    assert ask(
        """
        select count(*) from posting as old join posting as new using (officer_id, post)
        join institution on institution.institution_id = old.institution_id
        where institution.parent_id = new.institution_id and new.started_on = old.ended_on + 1
        """
    )
