"""The planted behaviours that show in visits, findings and cases."""

import pytest

HONEST = "not in (select subject_id from truth)"


@pytest.fixture(scope="module")
def compare(database):
    """A share among the records of the planted officers from their first day on, and among those of all others."""

    def compared(share, table, behaviour, officer="lead_officer_id", on="started_at", where="true"):
        planted = database.execute(
            f"""select {share} from {table} join truth on {officer} = subject_id
            where behaviour = $behaviour and {on} >= started_on and {where}""",
            {"behaviour": behaviour},
        ).fetchall()[0][0]
        usual = database.execute(f"select {share} from {table} where {officer} {HONEST} and {where}").fetchall()[0][0]
        return float(planted), float(usual)

    return compared


def _count(database, query):
    return database.execute(query).fetchall()[0][0]


def test_unfiled_visits(compare):
    planted, usual = compare("avg((visit_filing_id is null)::int)", "patrol", "unfiled_visit")
    assert planted > 0.35 and usual < 0.04


def test_low_findings(compare):
    planted, usual = compare("avg((finding_count > 0)::int)", "patrol", "low_finding_rate")
    assert planted < 0.4 * usual


def test_padded_days_are_full_short_identical_and_reach_into_leave(database, compare):
    short = "avg((ended_at < started_at + interval 4 minute)::int)"
    planted, usual = compare(short, "patrol", "patrol_padding")
    assert planted > 0.3 and usual < 0.02
    full_days = """
        select avg((n >= 12)::int) from (select count(*) as n from patrol where lead_officer_id {}
        group by lead_officer_id, started_at::date)"""
    his = full_days.format("in (select subject_id from truth where behaviour = 'patrol_padding')")
    assert _count(database, his) > 0.05
    assert _count(database, full_days.format(HONEST)) < 0.001


def test_only_padded_visits_fall_on_days_of_leave(database):
    on_leave = """
        select count(*) from patrol join leave on lead_officer_id = officer_id
        and started_at::date between from_on and to_on where officer_id {} (select subject_id from truth
        where behaviour = 'patrol_padding')"""
    assert _count(database, on_leave.format("in")) > 20
    assert _count(database, on_leave.format("not in")) == 0


def test_announced_visits_are_clean_where_unannounced_ones_find_something(database):
    announced, unannounced, elsewhere, closed = database.execute(
        f"""
        select avg((severe_finding_count > 0)::int) filter (where visit_kind in ('routine', 'special') and by_him),
            avg((severe_finding_count > 0)::int) filter (where visit_kind in ('random', 'targeted', 'complaint') and not by_him),
            (select avg((severe_finding_count > 0)::int) from patrol where lead_officer_id {HONEST}
             and visit_kind in ('random', 'targeted', 'complaint')),
            avg((result = 'closed_on_arrival')::int) filter (where visit_kind in ('routine', 'special') and by_him)
        from (select patrol.*, lead_officer_id = subject_id as by_him from patrol join posting using (grid_id)
              join truth on posting.officer_id = subject_id
              where behaviour = 'tip_off' and posting.ended_on is null and started_at >= truth.started_on)
        """
    ).fetchall()[0]
    assert announced < 0.025 and unannounced > 1.7 * elsewhere and closed > 0.08


def test_who_complained_of_the_retaliating_officer_is_visited_more(database):
    after, before = database.execute(
        """
        select count(*) filter (where patrol.started_at::date between received_at::date and received_at::date + 90),
            count(*) filter (where patrol.started_at::date between received_at::date - 90 and received_at::date - 1)
        from complaint join truth on officer_id = subject_id
        join patrol on patrol.merchant_id = complaint.merchant_id and lead_officer_id = subject_id
        where behaviour = 'retaliation' and received_at between started_on and date '2026-04-01'
        """
    ).fetchall()[0]
    assert after > 2 * before and after >= 10


def test_firms_of_kin_are_visited_without_recusal_and_found_clean(database):
    visits, findings, recusals = database.execute(
        """
        select count(*), avg((finding_count > 0)::int), count(recusal_id)
        from declared_relative join merchant_relation using (person_hash) join truth on officer_id = subject_id
        join patrol on patrol.merchant_id = merchant_relation.merchant_id and lead_officer_id = subject_id
        left join recusal on recusal.officer_id = subject_id and recusal.merchant_id = patrol.merchant_id
        where behaviour = 'relative_firm' and patrol.started_at >= truth.started_on
        """
    ).fetchall()[0]
    assert visits >= 10 and findings < 0.15 and recusals == 0


def test_who_is_recused_keeps_away(database):
    assert _count(database, "select count(*) from recusal") > 0
    query = """select count(*) from recusal join patrol using (merchant_id)
        where officer_id in (lead_officer_id, co_officer_id)"""
    assert _count(database, query) == 0


def test_the_clients_of_one_agent_are_spared(database):
    spared, others = database.execute(
        """
        select avg((result = 'case_referred')::int) filter (where is_client),
            avg((result = 'case_referred')::int) filter (where not is_client)
        from (select patrol.*, merchant_id in (
                select merchant_id from merchant_relation where relation = 'agent'
                group by merchant_id, person_hash
                having person_hash in (select person_hash from merchant_relation where relation = 'agent'
                    group by person_hash having count(*) > 15)) as is_client
              from patrol join truth on lead_officer_id = subject_id
              where behaviour = 'selective_enforcement' and started_at >= started_on and severe_finding_count > 0)
        """
    ).fetchall()[0]
    assert spared < 0.2 < 0.6 < others


def test_findings_that_are_not_referred(compare):
    planted, usual = compare(
        "avg((result = 'case_referred')::int)", "patrol", "finding_not_filed", where="severe_finding_count > 0"
    )
    assert planted < 0.15 < 0.3 < usual


def test_cases_that_are_withdrawn(compare):
    share = "avg((outcome in ('withdrawn', 'terminated'))::int)"
    planted, usual = compare(share, "penalty", "case_withdrawn", on="filed_on", where="outcome <> 'pending'")
    assert planted > 0.35 and usual < 0.08


def test_who_found_it_handles_it_only_where_planted_or_simple(compare):
    same = "avg((patrol.lead_officer_id = penalty.lead_officer_id)::int)"
    joined = "penalty join patrol using (patrol_id)"
    planted, usual = compare(
        same,
        joined,
        "duty_not_separated",
        officer="penalty.lead_officer_id",
        on="filed_on",
        where="procedure = 'ordinary'",
    )
    assert planted > 0.8 and usual == 0
    own = "avg((reviewer_officer_id = lead_officer_id)::int)"
    planted, usual = compare(
        own, "penalty", "duty_not_separated", on="filed_on", where="reviewer_officer_id is not null"
    )
    assert planted > 0.35 and usual == 0


def test_fines_stay_below_the_threshold_and_cases_are_split(database, compare):
    near = "avg((fine_yuan between 2700 and 2999)::int)"
    planted, usual = compare(near, "penalty", "threshold_bunching", on="filed_on", where="outcome = 'fined'")
    assert planted > 0.3 and usual < 0.04
    pairs = _count(
        database,
        """
        select count(*) from penalty as one join penalty as two using (merchant_id, lead_officer_id)
        join truth on lead_officer_id = subject_id where behaviour = 'threshold_bunching'
        and one.case_id < two.case_id and two.filed_on - one.filed_on <= 30
        and one.fine_yuan < 3000 and two.fine_yuan < 3000 and one.fine_yuan + two.fine_yuan >= 3000
        """,
    )
    assert pairs >= 3


def test_cases_are_delayed(compare):
    share = "avg((decided_on - filed_on > 90)::int)"
    planted, usual = compare(share, "penalty", "process_delay", on="filed_on", where="procedure = 'ordinary'")
    assert planted > 0.4 and usual < 0.04


def test_the_fine_driven_station_decides_at_the_months_end(database):
    own, usual = database.execute(
        """
        select avg((day(decided_on + 3) <= 3)::int) filter (where subject_id is not null),
            avg((day(decided_on + 3) <= 3)::int) filter (where subject_id is null)
        from penalty left join truth on institution_id = subject_id and behaviour = 'fine_driven'
        where outcome = 'fined'
        """
    ).fetchall()[0]
    assert own > 0.45 and usual < 0.15


def test_the_station_that_reports_zero_has_upheld_complaints(database):
    reports, problems, upheld = database.execute(
        """
        select count(*), sum(problem_count), (select count(*) from complaint
            where complaint.institution_id = any_value(self_check.institution_id) and officer_id is not null
            and outcome in ('upheld', 'partly_upheld'))
        from self_check join truth on institution_id = subject_id where behaviour = 'zero_report_contradiction'
        """
    ).fetchall()[0]
    assert reports >= 30 and problems == 0 and upheld >= 15


def test_rectification_on_paper_has_no_evidence_and_comes_back(database):
    own, usual, again = database.execute(
        """
        select avg((evidence_ref is null)::int) filter (where subject_id is not null),
            avg((evidence_ref is null)::int) filter (where subject_id is null),
            (select count(*) from rectification as one join rectification as two using (institution_id, problem)
             join truth on institution_id = subject_id where behaviour = 'rectification_on_paper'
             and two.closed_on - one.closed_on between 20 and 90)
        from rectification left join truth on institution_id = subject_id and behaviour = 'rectification_on_paper'
        where status in ('done', 'done_at_once')
        """
    ).fetchall()[0]
    assert own > 0.7 and usual < 0.1 and again >= 5


def test_the_station_of_two_has_no_third_officer(database):
    query = """
        select count(distinct lead_officer_id) from penalty join truth on institution_id = subject_id
        where behaviour = 'two_person_station' and "procedure" = 'ordinary'"""
    assert _count(database, query) == 2
