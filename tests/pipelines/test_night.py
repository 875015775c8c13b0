"""One night, end to end: a delivery in, a published night out, or one sentence and nothing changed."""

import fcntl
import json
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.__main__ import main
from pipelines.contract import delivered_tables, published_tables
from pipelines.places import Places
from pipelines.published import TIER_COLUMNS, Tampered, current, manifest, nights, previous_tiers, sha256, verify
from pipelines.run import told
from pipelines.sample import make_bureau, write_bureau

AS_OF = "2026-06-30"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bureau") / "delivery"
    write_bureau(make_bureau(), folder)
    return folder


@pytest.fixture(scope="module")
def home(source, tmp_path_factory, kept_runs) -> Path:
    folder = tmp_path_factory.mktemp("home")
    with kept_runs():
        assert main(["night", "--source", str(source), "--as-of", AS_OF, "--home", str(folder)]) == 0
    return folder


def tables(home: Path, night: str = AS_OF) -> dict[str, str]:
    return {path.name: sha256(path) for path in (home / "published" / night).glob("*") if path.name != "manifest.json"}


def ask(home: Path, query: str) -> list[tuple]:
    with duckdb.connect() as connection:
        for name in published_tables():
            path = home / "published" / "current" / f"{name}.parquet"
            connection.execute(f"create view {name} as select * from read_parquet('{path}')")
        return connection.execute(query).fetchall()


def test_a_night_publishes_every_table_of_the_contract_and_says_where(home):
    places = Places(home=home)
    assert current(places).isoformat() == AS_OF
    assert set(verify(places, date.fromisoformat(AS_OF))) == set(published_tables())


def test_the_model_card_is_published_as_it_lies_beside_the_model_and_verified(home, tmp_path):
    """Who reads a probability must be able to read, in the same place, how good it is and what it is not for."""
    published = home / "published" / AS_OF
    for name in ("card.json", "card.html"):
        kept = (home / "trained" / AS_OF / "merchant" / name).read_bytes()
        assert (published / f"merchant_{name}").read_bytes() == kept
    assert "merchant_card.html" in told(Places(home=home), date.fromisoformat(AS_OF))
    copy = tmp_path / "home"
    shutil.copytree(home, copy, symlinks=True)
    page = copy / "published" / AS_OF / "merchant_card.html"
    page.write_text(page.read_text(encoding="utf-8").replace("must not", "may"), encoding="utf-8")
    with pytest.raises(Tampered, match="merchant_card.html"):
        verify(Places(home=copy), date.fromisoformat(AS_OF))


def test_every_open_merchant_is_scored_and_has_both_tiers(home):
    merchants, scored, tiers = ask(
        home,
        "select count(*), count(probability), count(patrol_tier) filter (where model_risk_tier is not null)"
        " from merchant_risk",
    )[0]
    assert merchants == scored == tiers > 1000


def test_every_merchant_in_tier_c_or_d_has_reasons_that_add_up_to_its_score(home):
    watched = ask(
        home,
        "select count(*) from merchant_risk where patrol_tier in ('C', 'D') or model_risk_tier in ('C', 'D')",
    )[0][0]
    explained, worst = ask(
        home,
        "select count(*), max(gap) from (select abs(any_value(base_value) + sum(contribution) - any_value(raw_score)) gap"
        " from merchant_reason group by merchant_id)",
    )[0]
    assert explained == watched > 0
    assert worst <= 1e-6


def test_every_flag_has_reasons_evidence_counter_evidence_and_numbers_in_both_languages(home):
    flags = ask(
        home,
        "select family, summary_zh, summary_en,"
        " (select count(*) from flag_reason where flag_reason.flag_id = red_flag.flag_id),"
        " (select count(*) from flag_evidence where flag_evidence.flag_id = red_flag.flag_id),"
        " (select count(*) from flag_counter_evidence where flag_counter_evidence.flag_id = red_flag.flag_id)"
        " from red_flag",
    )
    assert flags
    for family, chinese, english, reasons, evidence, counter in flags:
        assert any(letter.isdigit() for letter in chinese) and any(letter.isdigit() for letter in english)
        # what a hint of retaliation rests on would tell who complained: none of its records is shown
        assert reasons and counter and bool(evidence) == (family != "retaliation")


def test_every_record_behind_a_hint_is_told_unless_the_hint_rests_on_complaints(home):
    confidential = "family in ('clustered_complaints', 'retaliation')"
    untold = ask(
        home,
        "select distinct family, flag_evidence.table from flag_evidence join red_flag using (flag_id)"
        ' anti join flag_record on flag_record.flag_id = flag_evidence.flag_id and flag_record."table" = flag_evidence."table"'
        " and flag_record.record_id = flag_evidence.record_id",
    )
    assert {(family, table) for family, table in untold if table not in ("complaint", "officer")} == set()
    for name in ("flag_record", "flag_contact", "comparable_case"):
        assert ask(home, f"select count(*) from {name} join red_flag using (flag_id) where {confidential}") == [(0,)]
        assert ask(home, f"select count(*) > 10 from {name}") == [(True,)]
    counted = (
        "coalesce(peer.exposure_count, peer.observed, peer.expected, peer.interval_low, peer.interval_high) is not null"
    )
    peers = ask(
        home,
        f"select count(*), count(*) filter ({counted}) from flag_peer as peer join red_flag using (flag_id)"
        f" where {confidential}",
    )
    assert peers[0][0] > 0 and peers[0][1] == 0


def test_what_lies_beside_a_flag_holds_together_and_names_no_other_officer(home):
    wrong = ask(
        home,
        "select count(*) from red_flag join flag_peer using (flag_id)"
        " where peer_number = 0 and abs(red_flag.statistic - flag_peer.statistic) > 1e-9",
    )
    assert wrong == [(0,)]
    assert ask(home, "select max(nearness_rank), min(nearness_rank) from comparable_case") == [(10, 1)]
    assert ask(
        home, "select max(n) <= 5 from (select count(distinct merchant_id) n from flag_contact group by flag_id)"
    ) == [(True,)]
    for name in ("flag_record", "flag_peer", "comparable_case", "flag_contact"):
        assert not [column for column in published_tables()[name].column_names if "officer" in column]


def test_every_visit_that_is_planned_has_two_officers_and_nobody_is_planned_and_left_out(home):
    visits, odd = ask(
        home,
        "select count(*), count(*) filter (where officers <> 2 or roles <> 2 or day_count <> 1) from (select merchant_id,"
        " count(distinct officer_id) officers, count(distinct role) roles, count(distinct visit_on) day_count"
        " from patrol_plan where visit_on > as_of group by merchant_id)",
    )[0]
    assert visits > 100 and odd == 0
    assert ask(home, "select count(*) from patrol_plan semi join unplaced_visit using (merchant_id)") == [(0,)]


@pytest.mark.slow
def test_the_same_night_again_gives_the_same_bytes(source, home):
    """The replay below trains anew and must give the same bytes as well; this one takes the delivery in twice."""
    before = tables(home)
    first_run = manifest(Places(home=home), date.fromisoformat(AS_OF))["run_id"]
    assert main(["night", "--source", str(source), "--as-of", AS_OF, "--home", str(home)]) == 0
    assert tables(home) == before
    assert manifest(Places(home=home), date.fromisoformat(AS_OF))["run_id"] != first_run


def test_a_night_replayed_from_the_stored_copies_gives_the_same_bytes_without_the_delivery(source, home, tmp_path):
    """What raw keeps is enough: the bureau may have moved its files long ago."""
    copy = tmp_path / "home"
    shutil.copytree(home, copy, symlinks=True)
    assert main(["night", "--replay", "--as-of", AS_OF, "--home", str(copy), "--train", "always"]) == 0
    assert tables(copy) == tables(home)


def test_a_delivery_that_is_refused_changes_nothing_and_says_why_in_one_sentence(source, tmp_path, capfd):
    broken = tmp_path / "delivery"
    shutil.copytree(source, broken)
    (broken / "patrol.csv").unlink()
    empty = tmp_path / "empty"
    assert main(["night", "--source", str(broken), "--as-of", AS_OF, "--home", str(empty)]) == 1
    said = capfd.readouterr().err.strip().splitlines()[-1]
    assert said.startswith("mingjian night: nothing was published; ")
    assert "patrol" in said
    assert nights(Places(home=empty)) == []
    assert not list(empty.glob("raw/*"))


@pytest.fixture(scope="module")
def two_nights(source, home, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("two_nights") / "home"
    shutil.copytree(home, folder, symlinks=True)
    assert main(["night", "--source", str(source), "--as-of", "2026-07-01", "--home", str(folder)]) == 0
    return folder


def test_the_night_after_a_training_night_is_published_with_the_same_model(two_nights):
    """Six nights in seven do not train: what describes past visits is then not made, and must not be missed."""
    places = Places(home=two_nights)
    assert nights(places) == [date(2026, 6, 30), date(2026, 7, 1)]
    assert current(places) == date(2026, 7, 1)


def test_the_tier_by_model_of_a_merchant_that_nothing_new_is_known_of_does_not_flip_overnight(two_nights):
    """The second night brings no record, only the windows move on: tiers of that night alone change, published ones not."""
    last_night, last = previous_tiers(Places(home=two_nights), date(2026, 7, 1))
    assert last_night == date(2026, 6, 30)
    tonight = ask(two_nights, f"select merchant_id, {', '.join(TIER_COLUMNS)} from merchant_risk")
    assert len(tonight) > 1000
    for merchant, published, _own, changed_on in tonight:
        assert (published, changed_on) == (last["model_risk_tier"][merchant], None)
    assert any(own != published for _merchant, published, own, _changed_on in tonight)


def test_without_a_night_before_there_are_no_tiers_to_hold_tonights_against(tmp_path):
    last_night, last = previous_tiers(Places(home=tmp_path), date(2026, 7, 1))
    assert last_night is None and len(last) == 0


def test_every_merchant_is_told_what_it_is_owed_and_no_more_than_the_cap(home):
    wrong = ask(
        home,
        "select count(*) from merchant_risk where capped_visits_per_year > required_visits_per_year"
        " or (next_due_on is null) <> (capped_visits_per_year = 0) or is_overdue <> (next_due_on < as_of)"
        " or is_overdue <> (overdue_days > 0)",
    )
    assert wrong == [(0,)]


def test_each_of_the_nine_categories_is_listed_or_said_not_to_be_computable(home):
    listed = {kind for (kind,) in ask(home, "select distinct kind from due_task")}
    told = {
        family.removeprefix("due_task.")
        for (family,) in ask(home, "select family from not_computable where family like 'due_task.%'")
    }
    assert len(listed | told) == 9 and not listed & told


def test_disagreements_are_among_the_merchants_with_reasons_and_say_both_tiers(home):
    rows = ask(home, "select patrol_tier, model_risk_tier, reason_zh, reason_en from tier_disagreement")
    explained = ask(home, "select count(*) from tier_disagreement semi join merchant_reason using (merchant_id)")
    assert explained == [(len(rows),)] and rows
    for rule, model, zh, en in rows:
        assert f"规则判为{rule}类" in zh and f"模型判为{model}类" in zh and f"tier {rule} by rule" in en


def test_coverage_is_told_for_the_bureau_and_every_institution_in_charge(home):
    units, measures, bad = ask(
        home,
        "select count(distinct unit_id), count(distinct measure),"
        " count(*) filter (where (share is null or measure = 'planned_effort_on_top_20') <> (reason_zh is not null))"
        " from coverage",
    )[0]
    assert (measures, bad) == (6, 0)
    assert units == 1 + ask(home, "select count(distinct institution_id) from merchant_risk")[0][0]


def test_the_lists_are_told_with_the_plan_of_the_same_night(home):
    planned = ask(
        home,
        "select count(*), count(*) filter (where planned_visit_on is distinct from visit_on) from key_industry_coverage"
        " left join (select merchant_id, visit_on from patrol_plan where role = 'lead') using (merchant_id)"
        " where planned_visit_on is not null or visit_on is not null",
    )[0]
    assert planned[0] > 0 and planned[1] == 0
    assert ask(home, "select count(distinct period), bool_and(is_complete) from officer_month") == [(13, True)]
    assert ask(home, "select count(*) > 0, bool_or(is_late) from unlicensed_register") == [(True, True)]
    (visits,) = ask(home, "select count(*) from officer_task where kind = 'planned_visit'")[0]
    assert visits == ask(home, "select count(*) from patrol_plan")[0][0]


def test_what_random_draws_teach_is_published_by_class_and_the_correction_stands_in_card_and_manifest(home):
    rows = ask(
        home,
        "select class_kind, drawn_count, drawn_low, drawn_share, drawn_high, chosen_count, reason_zh from random_arm",
    )
    assert {row[0] for row in rows} == {"all", "patrol_tier", "credit_risk_class", "model_risk_tier"}
    told = [row for row in rows if row[6] is None]
    assert told and all(low <= share <= high for _, _, low, share, high, _, _ in told)
    whole = next(row for row in rows if row[0] == "all")
    assert whole[1] == sum(row[1] for row in rows if row[0] == "patrol_tier") > 200
    assert whole[5] == sum(row[5] for row in rows if row[0] == "credit_risk_class") > whole[1]
    card = json.loads((home / "published" / AS_OF / "merchant_card.json").read_text(encoding="utf-8"))["random_arm"]
    used = manifest(Places(home=home), date.fromisoformat(AS_OF))["versions"]["models"]["merchant"]
    assert used["correction"] == card["correction"] and used["is_corrected"] is False is card["is_used"]
    assert len(card["classes"]) == len(rows)
    known, all_of_them = ask(home, "select count(drawn_probability), count(*) from merchant_risk")[0]
    assert known == (all_of_them if card["correction"] else 0)


def test_a_replay_of_a_night_that_was_never_published_says_so(tmp_path, capfd):
    assert main(["night", "--replay", "--as-of", AS_OF, "--home", str(tmp_path)]) == 1
    assert "the night 2026-06-30 is not published" in capfd.readouterr().err


def test_two_nights_at_once_are_told_apart_in_one_sentence(source, tmp_path, capfd):
    with (tmp_path / "night.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert main(["night", "--source", str(source), "--as-of", AS_OF, "--home", str(tmp_path)]) == 1
    assert "another night is running here; wait until it has ended" in capfd.readouterr().err


def test_a_home_that_cannot_be_written_and_a_wrong_setting_are_told_in_one_sentence(
    source, tmp_path, capfd, monkeypatch
):
    (tmp_path / "file").write_text("")
    assert main(["night", "--source", str(source), "--as-of", AS_OF, "--home", str(tmp_path / "file")]) == 1
    assert "the bureau's home cannot be written" in capfd.readouterr().err
    monkeypatch.setenv("MINGJIAN_THREADS", "many")
    assert main(["dictionary"]) == 2
    assert "MINGJIAN_THREADS is 'many'" in capfd.readouterr().err


def test_a_night_that_lies_ahead_is_refused(source, tmp_path, capfd):
    assert main(["night", "--source", str(source), "--as-of", "2999-01-01", "--home", str(tmp_path)]) == 1
    assert "lies in the future" in capfd.readouterr().err


def test_a_wrong_command_line_exits_with_2():
    with pytest.raises(SystemExit) as ended:
        main(["night", "--as-of", "yesterday", "--source", "x"])
    assert ended.value.code == 2


def test_the_delivery_in_git_is_what_the_sample_command_makes(tmp_path):
    """The only records in git are synthetic, and nobody has changed them by hand."""
    made = tmp_path / "delivery"
    assert main(["sample", "--out", str(made), "--merchants", "150", "--years", "1", "--seed", "7"]) == 0
    kept = ROOT / "data" / "samples" / "delivery"
    assert {path.name: sha256(path) for path in made.iterdir()} == {path.name: sha256(path) for path in kept.iterdir()}


def test_the_dictionary_describes_every_table_that_comes_in_or_goes_out(capfd):
    assert main(["dictionary"]) == 0
    said = capfd.readouterr().out
    for name in (*delivered_tables(), *published_tables()):
        assert f"### {name} · " in said


def test_the_truth_that_lies_beside_the_delivery_is_never_read(source, home):
    """A night that saw the truth would be a test that cannot fail."""
    assert source.with_name("delivery.truth.csv").exists()
    for delivery in manifest(Places(home=home), date.fromisoformat(AS_OF))["deliveries"]:
        assert not [file for file in delivery["files"] if "truth" in file["name"]]


def test_who_is_overdue_on_a_hot_post_is_reminded_of_though_nothing_else_is_on_record_of_him(home, source):
    """A desk officer has no visits, fines or complaints to be scored by; his tenure must not fall silent for that."""
    planted = duckdb.read_csv(str(source.with_name("delivery.truth.csv"))).filter("behaviour = 'overdue_hot_post'")
    officers = {officer for (officer,) in planted.project("subject_id").fetchall()}
    reminded = ask(home, "select distinct subject_id from red_flag where family = 'hot_post_tenure'")
    assert officers and officers <= {officer for (officer,) in reminded}
