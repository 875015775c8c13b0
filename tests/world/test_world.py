"""The second bureau: its truth shows in its records, its delivery passes the door, the same seed makes the same one."""

from datetime import date

import pandas as pd
import pytest

from pipelines.ingest import intake
from tests.world import PATTERNS, make_world, write_world


@pytest.fixture(scope="module")
def world():
    return make_world(3)


def who(world, behaviour: str) -> list[str]:
    truth = world.truth
    return sorted(truth.loc[(truth["behaviour"] == behaviour) & (truth["subject_kind"] == "officer"), "subject_id"])


def since(world, behaviour: str) -> pd.Series:
    rows = world.truth[world.truth["behaviour"] == behaviour]
    return pd.Series(pd.to_datetime(rows["started_on"]).to_numpy(), index=rows["subject_id"].to_numpy())


def shares(rows: pd.DataFrame, mark: pd.Series, world, behaviour: str) -> tuple[float, float]:
    """The marked share of the rows of each planted officer since he began (the least), and the 95th of all others'."""
    began = rows["lead_officer_id"].map(since(world, behaviour))
    day = pd.to_datetime(rows["started_at"] if "started_at" in rows else rows["filed_on"])
    planted = mark[day >= began].groupby(rows["lead_officer_id"]).mean()
    others = mark[began.isna()].groupby(rows["lead_officer_id"]).agg(["mean", "size"])
    return planted.min(), others.loc[others["size"] >= 40, "mean"].quantile(0.95)


def test_two_officers_have_each_pattern_and_nobody_two_of_them(world):
    planted = world.truth[~world.truth["is_confounder"]]
    assert planted.groupby("behaviour").size().to_dict() == dict.fromkeys(PATTERNS, 2)
    assert planted["subject_id"].is_unique and set(planted["subject_id"]) <= set(world.tables["officer"]["officer_id"])


def test_who_does_not_file_his_visits_leaves_far_more_of_them_unfiled(world):
    patrol = world.tables["patrol"]
    planted, others = shares(patrol, patrol["visit_filing_id"].isna(), world, "unfiled_visits")
    assert planted > 0.35 and others < 0.12


def test_who_drops_cases_drops_far_more_of_them(world):
    penalty = world.tables["penalty"]
    planted, others = shares(penalty, penalty["outcome"].isin(["withdrawn", "terminated"]), world, "dropped_cases")
    assert planted > 0.25 and others < 0.12


def test_who_looks_away_finds_far_less_than_his_colleagues(world):
    patrol = world.tables["patrol"]
    is_planted = patrol["lead_officer_id"].isin(who(world, "low_finding_rate"))
    is_late = patrol["started_at"] > "2025-07-01"
    found = (patrol["finding_count"] > 0)[is_late].groupby([is_planted, patrol["lead_officer_id"]]).mean()
    assert found[True].max() < 0.5 * found[False].median()


def test_who_pads_has_visits_of_a_minute_and_a_note_written_again_and_again(world):
    patrol = world.tables["patrol"]
    is_short = (patrol["ended_at"] - patrol["started_at"]).dt.total_seconds() <= 120
    planted, others = shares(patrol, is_short, world, "padding")
    assert planted > 0.12 and others == 0
    repeated = patrol.groupby("lead_officer_id")["note_hash"].agg(lambda notes: notes.value_counts().iloc[0])
    assert repeated[who(world, "padding")].min() > 3 * repeated.drop(who(world, "padding")).quantile(0.95)


def test_who_is_lenient_in_general_decides_low_in_the_range_with_no_ground_on_file(world):
    cases = world.tables["penalty"][world.tables["penalty"]["outcome"] == "fined"]
    span = cases["statutory_max_yuan"] - cases["statutory_min_yuan"]
    position = (cases["fine_yuan"] - cases["statutory_min_yuan"]) / span
    planted, others = shares(cases, (position < 0.16) & cases["mitigation_codes"].isna(), world, "general_leniency")
    assert planted > 0.6 and others < 0.3
    assert position.median() == pytest.approx(0.33, abs=0.05)


def test_three_merchants_are_let_off_by_the_officer_who_favours_a_few(world):
    penalty = world.tables["penalty"]
    span = penalty["statutory_max_yuan"] - penalty["statutory_min_yuan"]
    is_low = (penalty["fine_yuan"] <= penalty["statutory_min_yuan"] + 0.06 * span) & penalty["exemption_code"].isna()
    is_low &= penalty["mitigation_codes"].isna() & (penalty["filed_on"] > "2025-01-01")
    for officer in who(world, "leniency_to_a_few"):
        low = penalty[is_low & (penalty["lead_officer_id"] == officer)].groupby("merchant_id").size().nlargest(4)
        assert low.iloc[:3].min() >= 2 and low.iloc[:3].sum() >= 8 and (low.iloc[3:] == 1).all()


def test_a_burst_is_many_people_in_a_month_and_abuse_is_one_person(world):
    complaint = world.tables["complaint"]
    for officer, began in since(world, "complaint_burst").items():
        inside = complaint["received_at"].between(began, began + pd.Timedelta(days=31))
        assert complaint[inside & (complaint["officer_id"] == officer)]["complainant_hash"].nunique() >= 12
    (abused,) = who(world, "abusive_complainant")
    of_him = complaint.loc[complaint["officer_id"] == abused, "complainant_hash"]
    assert of_him.value_counts().iloc[0] == 40


def test_nobody_but_the_planted_is_due_for_rotation(world):
    posting = world.tables["posting"]
    current = posting[posting["ended_on"].isna()].set_index("officer_id")["started_on"]
    years = (pd.Timestamp("2026-06-30") - current).dt.days / 365.25
    assert sorted(years[years > 4.6].index) == who(world, "tenure") and years[who(world, "tenure")].min() > 6.3


def test_what_the_bureau_keeps_on_itself_is_honest(world):
    tables = world.tables
    kin = tables["declared_relative"].merge(tables["merchant_relation"], on="person_hash")
    recused = tables["recusal"][["officer_id", "merchant_id"]]
    assert len(recused) and sorted(map(tuple, kin[["officer_id", "merchant_id"]].to_numpy())) == sorted(
        map(tuple, recused.to_numpy())
    )
    for role in ("lead_officer_id", "co_officer_id"):
        for table in ("patrol", "penalty"):
            been = tables[table].rename(columns={role: "officer_id"})
            assert been.merge(recused, on=["officer_id", "merchant_id"]).empty
    assert (tables["self_check"]["problem_count"] == 0).groupby(
        tables["self_check"]["institution_id"]
    ).mean().max() < 0.6


def test_a_world_in_which_nothing_is_planted_has_an_empty_truth():
    quiet = make_world(3, officers=60, merchants=800, years=1, planted=(), confounders=False)
    assert quiet.truth.empty and list(quiet.truth.columns)[:4] == ["subject_kind", "subject_id", "family", "behaviour"]
    assert quiet.tables["complaint"]["complainant_hash"].value_counts().iloc[0] < 5


def test_the_same_seed_makes_the_same_world_and_another_seed_another(tmp_path):
    made = {}
    for name, seed in (("one", 5), ("two", 5), ("other", 6)):
        write_world(make_world(seed, officers=60, merchants=800, years=1), tmp_path / name)
        made[name] = {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        made[name]["truth"] = (tmp_path / f"{name}.truth.csv").read_bytes()
    assert made["one"] == made["two"]
    assert not [
        name for name in ("patrol.parquet", "penalty.parquet", "truth") if made["one"][name] == made["other"][name]
    ]


@pytest.mark.parametrize("file_kind", ["parquet", "csv"])
def test_a_world_passes_the_door_without_a_row_in_quarantine(tmp_path, file_kind):
    world = make_world(4, officers=60, merchants=800, years=1, without=("patrol.note_hash", "leave"))
    write_world(world, tmp_path / "world", file_kind=file_kind)
    delivery = intake(tmp_path / "world", tmp_path / "raw", delivered_on=date(2026, 7, 1))
    counts = delivery.tables
    assert {
        name: count.quarantined + count.refused + count.collapsed for name, count in counts.items()
    } == dict.fromkeys(world.tables, 0)
    assert counts["patrol"].kept == len(world.tables["patrol"]) > 4000
    assert "leave" not in counts and "note_hash" not in delivery.delivered_columns["patrol"]


@pytest.mark.parametrize("name", ["patrol.merchant_id", "patrol", "patrol.colour", "colour"])
def test_what_the_contract_requires_or_does_not_know_cannot_be_left_out(name):
    with pytest.raises(ValueError, match="world: "):
        make_world(4, officers=60, merchants=800, years=1, without=(name,))
