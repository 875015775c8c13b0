"""One night, end to end: a delivery in, a published night out, or one sentence and nothing changed."""

import fcntl
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.__main__ import main
from pipelines.contract import delivered_tables, published_tables
from pipelines.places import Places
from pipelines.published import current, manifest, nights, sha256, verify
from pipelines.sample import make_bureau, write_bureau

AS_OF = "2026-06-30"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bureau") / "delivery"
    write_bureau(make_bureau(), folder)
    return folder


@pytest.fixture(scope="module")
def home(source, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    assert main(["night", "--source", str(source), "--as-of", AS_OF, "--home", str(folder)]) == 0
    return folder


def tables(home: Path, night: str = AS_OF) -> dict[str, str]:
    return {path.name: sha256(path) for path in (home / "published" / night).glob("*.parquet")}


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
        "select flag_id, summary_zh, summary_en,"
        " (select count(*) from flag_reason where flag_reason.flag_id = red_flag.flag_id),"
        " (select count(*) from flag_evidence where flag_evidence.flag_id = red_flag.flag_id),"
        " (select count(*) from flag_counter_evidence where flag_counter_evidence.flag_id = red_flag.flag_id)"
        " from red_flag",
    )
    assert flags
    for _flag, chinese, english, reasons, evidence, counter in flags:
        assert any(letter.isdigit() for letter in chinese) and any(letter.isdigit() for letter in english)
        assert reasons and evidence and counter


def test_the_same_night_again_gives_the_same_bytes(source, home):
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


def test_the_night_after_a_training_night_is_published_with_the_same_model(tmp_path):
    """Six nights in seven do not train: what describes older visits is then not made, and must not be missed."""
    source, home = ROOT / "data" / "samples" / "delivery", tmp_path / "home"
    for night in ("2026-06-30", "2026-07-01"):
        assert main(["night", "--source", str(source), "--as-of", night, "--home", str(home)]) == 0
    places = Places(home=home)
    assert nights(places) == [date(2026, 6, 30), date(2026, 7, 1)]
    assert current(places) == date(2026, 7, 1)


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


def test_without_a_model_and_without_training_the_rule_tiers_stand_and_the_rest_is_not_computable(tmp_path):
    """What is not computed is said so, never filled in."""
    home, source = tmp_path / "home", ROOT / "data" / "samples" / "delivery"
    arguments = ["--as-of", AS_OF, "--home", str(home), "--train", "never"]
    assert main(["night", "--source", str(source), *arguments]) == 0
    assert ask(home, "select count(*) from merchant_risk where probability is not null or patrol_tier is null") == [
        (0,)
    ]
    why = dict(ask(home, "select family, reason_en from not_computable where subject_kind = 'bureau'"))
    assert "no model has been trained by this version yet" in why["merchant_risk"]
    assert ask(home, "select count(*) from red_flag") == [(0,)]


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
