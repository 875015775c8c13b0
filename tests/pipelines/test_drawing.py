"""The draw from end to end: frozen from a published night, revealed once, substituted, verified, and taken in by the next."""

import json
from datetime import date, datetime

import duckdb
import pytest

from models.draw.pool import fingerprint
from models.draw.substitution import HEADER, Substitution, substitution_line
from pipelines import drawing
from pipelines.__main__ import main
from pipelines.draw_delivery import take_in_draws
from pipelines.ingest import intake, load_raw
from pipelines.places import Places
from pipelines.publishing import is_synthetic
from tests.desk.small_night import NIGHT, write_night
from tests.pipelines.ingest.small_bureau import BUREAU, DELIVERED_ON, write_csv

VALID = date(2027, 1, 1)


def tables(officers=("R1", "R2", "R3", "R4"), merchants=12, place="S1", **more) -> dict:
    names = [f"M{number}" for number in range(merchants)]
    where = {"institution_id": place, "industry_code": "5211"}
    return {
        "institution": [{"institution_id": place, "name": "东所", "parent_id": None, "unit_id": place}],
        "officer": [
            {
                "officer_id": name,
                "name": "林一",
                "unit_id": place,
                "post": "patrol",
                "employment_kind": "civil_servant",
                "certificate_valid_to_on": VALID,
                "is_serving": True,
            }
            for name in officers
        ],
        "merchant": [{"merchant_id": name, "name": "某某商行", "status": "active", **where} for name in names],
        "merchant_risk": [{"merchant_id": name, "patrol_tier": "D", **where} for name in names],
        "recusal": [{"officer_id": officers[0], "merchant_id": name} for name in names],
        **more,
    }


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(drawing, "now", lambda: datetime(2026, 7, 1, 9, 0, 0))
    write_night(tmp_path, tables())
    return tmp_path


def run(home, part: str, *words: str) -> int:
    return main(["draw", part, "--draw", "D1", "--home", str(home), *words])


def drawn(home) -> list[list[str]]:
    return [line.split(",") for line in (home / "draw" / "D1" / "drawn.csv").read_text().splitlines()[1:]]


def revealed(home) -> None:
    assert run(home, "commit") == 0
    assert run(home, "reveal", "--number", "08 15 23", "--source", "福利彩票双色球2026075期") == 0


def substituted(home, *, by: str = "稽查室主任") -> int:
    merchant, officers = drawn(home)[0][2], drawn(home)[0][4].split(";")
    other = next(name for name in ("R2", "R3", "R4") if name not in officers)
    words = ("--merchant", merchant, "--replaced", officers[0], "--officer", other)
    return run(home, "substitute", *words, "--reason-code", "leave", "--reason", "休假,已批", "--by", by)


def test_a_draw_is_committed_revealed_substituted_and_verified(home, capsys):
    revealed(home)
    digest = fingerprint((home / "draw/D1/pool.csv").read_text(encoding="utf-8"))
    assert digest in capsys.readouterr().out
    assert [len(row[4].split(";")) for row in drawn(home)] == [2] * 6 and "R1" not in str(drawn(home))
    assert substituted(home) == 0
    head = capsys.readouterr().out.splitlines()[-1]
    assert run(home, "verify", "--pool-sha256", digest, "--head", head) == 0
    assert "全部相符" in capsys.readouterr().out
    rows = (home / "draw/D1/random_draw.csv").read_text().splitlines()
    assert rows[0] == "draw_id,merchant_id,officer_id,drawn_on,seed,is_substituted" and len(rows) == 1 + 12 + 1
    assert rows[-1].endswith("true") and rows[1].split(",")[3] == "2026-07-01"


def test_no_name_of_a_person_or_a_firm_is_in_any_file(home):
    revealed(home)
    said = "".join(path.read_text(encoding="utf-8") for path in (home / "draw" / "D1").iterdir())
    assert "林一" not in said and "某某" not in said and "东所" not in said


def test_adding_an_officer_changes_the_hash_that_is_published(home):
    assert run(home, "commit") == 0
    before = json.loads((home / "draw/D1/commit.json").read_text())["pool_sha256"]
    write_night(home, tables(officers=("R1", "R2", "R3", "R4", "R5")))
    assert main(["draw", "commit", "--draw", "D2", "--home", str(home)]) == 0
    assert json.loads((home / "draw/D2/commit.json").read_text())["pool_sha256"] != before


def test_a_draw_has_one_pool_and_one_number(home, capsys):
    revealed(home)
    assert run(home, "commit") == run(home, "reveal", "--number", "1", "--source", "x") == 1
    said = capsys.readouterr().err
    assert "committed already" in said and "revealed already" in said


def test_a_number_that_was_announced_is_the_one_that_is_used(home, capsys):
    """Else whoever draws waits for a number that he likes."""
    assert run(home, "commit", "--source", "福利彩票 2026075期") == 0
    assert "announce it together" not in capsys.readouterr().out
    assert run(home, "reveal", "--number", "1", "--source", "福利彩票 2026076期") == 1
    assert "committed to another number: 福利彩票 2026075期" in capsys.readouterr().err
    assert run(home, "reveal", "--number", "1", "--source", "福利彩票  2026075期") == run(home, "verify") == 0


def test_a_pool_that_was_changed_is_not_drawn_from(home, capsys):
    assert run(home, "commit") == 0
    path = home / "draw/D1/pool.csv"
    path.write_text(path.read_text().replace("R4,,2027-01-01", "R4,,2026-01-01"))
    assert run(home, "reveal", "--number", "1", "--source", "x") == run(home, "verify") == 1
    assert "changed after the commit" in capsys.readouterr().err
    assert not (home / "draw/D1/reveal.json").exists()


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("drawn.csv", lambda text: text.replace(";R", ";X", 1), "was drawn with"),
        ("drawn.csv", lambda text: "".join(text.splitlines(keepends=True)[:-1]), "was removed"),
        ("drawn.csv", lambda text: text + "7,D,M99,0,R2;R3,\n", "M99 was added"),
        ("reveal.json", lambda text: text.replace("08 15 23", "08 15 24"), "seed or the public number was changed"),
        ("pool.csv", lambda text: text.replace("5000", "6000"), "changed after the commit"),
        ("substitution.csv", lambda text: text.splitlines(keepends=True)[0], "substitution line may have been removed"),
        ("random_draw.csv", lambda text: text.replace("true", "false"), "without ground"),
        ("random_draw.csv", lambda text: text.replace("2026-07-01", "2026-07-02"), "random_draw.csv lacks"),
    ],
)
def test_verify_finds_and_names_what_was_tampered_with(home, capsys, name, change, told):
    revealed(home)
    assert substituted(home) == 0
    path = home / "draw" / "D1" / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert run(home, "verify") == 1
    assert told in capsys.readouterr().err


def test_the_published_hash_and_the_told_head_are_held_against_the_files(home, capsys):
    """Who makes pool, draw and list anew as a whole cannot make anew what was printed elsewhere."""
    revealed(home)
    assert run(home, "verify", "--pool-sha256", "0" * 64) == run(home, "verify", "--head", "1:" + "0" * 64) == 1
    said = capsys.readouterr().err
    assert "not the one that was published" in said and "substitution 1 is not the one told" in said


def test_commands_that_cannot_be_done_say_why_in_one_sentence(home, capsys, tmp_path):
    assert run(home, "reveal", "--number", "1", "--source", "x") == 1
    assert run(home, "commit", "--task", "no_such_task") == run(home, "commit", "--task", "unreported_two_years") == 1
    assert main(["draw", "commit", "--draw", "../out", "--home", str(home)]) == 1
    assert main(["draw", "commit", "--draw", "D1", "--home", str(tmp_path / "elsewhere")]) == 1
    write_night(home, tables(), absent=("recusal",))
    assert run(home, "commit") == 1
    said = capsys.readouterr().err.splitlines()
    assert [line.split(": ", 1)[0] for line in said] == ["mingjian draw reveal"] + ["mingjian draw commit"] * 5
    for words, line in zip(
        (
            "there is no draw D1",
            "it has highest_risk",
            "is_listed",
            "names no draw",
            "no night",
            "does not publish recusal",
        ),
        said,
        strict=True,
    ):
        assert words in line
    with pytest.raises(SystemExit) as ended:
        run(home, "reveal")
    assert ended.value.code == 2


def test_nothing_is_revealed_by_a_blank_number_or_without_a_source(home, capsys):
    assert run(home, "commit") == 0
    assert (
        run(home, "reveal", "--number", " ", "--source", "x")
        == run(home, "reveal", "--number", "1", "--source", "")
        == 1
    )
    assert "blank" in capsys.readouterr().err and not (home / "draw/D1/drawn.csv").exists()


def test_a_substitution_is_logged_only_where_all_agrees_and_is_allowed(home, capsys):
    assert run(home, "commit") == 0
    words = ("--merchant", "M0", "--officer", "R2", "--reason", "x", "--by", "x")
    assert run(home, "substitute", *words, "--reason-code", "leave") == 1
    assert run(home, "reveal", "--number", "1", "--source", "x") == 0
    assert run(home, "substitute", *words, "--reason-code", "because") == substituted(home, by="") == 1
    path = home / "draw/D1/drawn.csv"
    path.write_text(path.read_text().replace(";R", ";X", 1))
    assert substituted(home) == 1
    said = capsys.readouterr().err
    for words in ("not revealed yet", "must be one of leave", "who made it", "does not verify"):
        assert words in said


def test_the_bureau_s_list_and_the_gaps_of_the_night_come_into_the_commit(home, capsys, tmp_path):
    gap = {
        "subject_kind": "bureau",
        "subject_id": "all",
        "family": "draw",
        "reason_zh": "未交付回避",
        "reason_en": "none",
    }
    write_night(home, tables(not_computable=[gap]))
    listed = tmp_path / "list.csv"
    listed.write_text("merchant_id\nM3\nM5\n", encoding="utf-8")
    assert run(home, "commit", "--task", "unreported_two_years", "--objects", str(listed)) == 0
    said = json.loads((home / "draw/D1/commit.json").read_text(encoding="utf-8"))
    assert said["object_count"] == 2 and said["notes"] == ["未交付回避 · none"]
    assert "未交付回避 · none" in capsys.readouterr().out


def test_the_last_crew_is_known_from_draws_made_here_before_a_night_takes_them_in(home):
    revealed(home)
    merchant, first, second = drawn(home)[0][2], *drawn(home)[0][4].split(";")
    assert main(["draw", "commit", "--draw", "D2", "--home", str(home)]) == 0
    pool = (home / "draw/D2/pool.csv").read_text(encoding="utf-8")
    assert f"last_crew,,{merchant},{first},," in pool and f"last_crew,,{merchant},{second},," in pool


def test_a_published_file_that_was_changed_is_not_drawn_from(home, capsys):
    path = home / "published/current/recusal.parquet"
    path.write_bytes((home / "published/current/declared_interest.parquet").read_bytes())
    assert run(home, "commit") == 1 and "not the file that was published" in capsys.readouterr().err


def test_verify_before_the_number_says_that_it_is_not_revealed(home, capsys):
    assert run(home, "commit") == run(home, "verify") == 0
    assert "尚未揭晓" in capsys.readouterr().out
    path = home / "draw/D1/commit.json"
    path.write_text(path.read_text(encoding="utf-8").replace("pool_sha256", "pool_md5"), encoding="utf-8")
    assert run(home, "verify") == 1 and "lacks pool_sha256" in capsys.readouterr().err


def test_a_past_draw_s_identifier_is_not_taken_again(home, capsys):
    past = {"draw_id": "D1", "unit_id": "all", "draw_class": "all", "drawn_on": NIGHT}
    write_night(home, tables(draw=[past]))
    assert run(home, "commit") == 1 and "draw of the past" in capsys.readouterr().err


def test_the_next_night_takes_in_what_was_revealed_once_and_again_after_a_substitution(home, tmp_path):
    places = Places(home=home)
    source = tmp_path / "delivery"
    write_csv(source, BUREAU)
    intake(source, places.raw, delivered_on=DELIVERED_ON)
    assert take_in_draws(places, DELIVERED_ON) is None
    officers, merchants = (
        [row.split(",")[0] for row in (source / f"{name}.csv").read_text(encoding="utf-8").splitlines()[1:]]
        for name in ("officer", "merchant")
    )
    folder = home / "draw" / "D1"
    folder.mkdir(parents=True)
    rows = f"D1,{merchants[0]},{officers[0]},2026-07-01,seed,false\n"
    (folder / "random_draw.csv").write_text(",".join(drawing.COLUMNS) + "\n" + rows, encoding="utf-8")
    (folder / "commit.json").write_text(
        '{"draw_id": "D1", "task": "highest_risk", "pool_sha256": "", "shares_per_10000": {}}', encoding="utf-8"
    )
    assert take_in_draws(places, DELIVERED_ON) is None
    made = Substitution(1, merchants[0], "", officers[0], "leave", "x", "室主任", "2026-07-03T09:00:00+08:00", "0")
    (folder / "substitution.csv").write_text(HEADER, encoding="utf-8")
    (folder / "reveal.json").write_text(
        '{"draw_id": "D1", "drawn_sha256": "0", "public_number": "1", "source": "x", "seed": "s", "drawn_on": "2026-07-01"}',
        encoding="utf-8",
    )
    taken = take_in_draws(places, DELIVERED_ON)
    assert taken.is_new and taken.delivered_on == date(2026, 7, 1) and taken.tables["random_draw"].kept == 1
    assert not take_in_draws(places, DELIVERED_ON).is_new
    (folder / "substitution.csv").write_text(HEADER + substitution_line(made), encoding="utf-8")
    again = take_in_draws(places, DELIVERED_ON)
    assert again.is_new and again.delivered_on == date(2026, 7, 3) and again.tables["draw_substitution"].kept == 1
    assert not is_synthetic([taken, again])
    with duckdb.connect() as connection:
        load_raw(connection, places.raw, None)
        assert connection.execute("select draw_id, is_substituted, task from raw.random_draw").fetchall() == [
            ("D1", False, "highest_risk")
        ]
        told = connection.execute("select substitution_number, decided_by, reason_code from raw.draw_substitution")
        assert told.fetchall() == [(1, "室主任", "leave")]
