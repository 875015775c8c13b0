"""The draw from end to end: frozen from a published night, revealed once, substituted, verified, and taken in by the next."""

import json
import re
import shutil
from dataclasses import replace

import pytest

from models.draw.log import COMMIT_LOG
from models.draw.pool import sha256
from pipelines import drawing
from tests.desk.small_night import NIGHT, write_night
from tests.pipelines.drawn_home import NUMBER, SOURCE, at, commit, run, tables


@pytest.fixture
def home(tmp_path, monkeypatch):
    at(monkeypatch, 1)
    write_night(tmp_path, tables())
    return tmp_path


@pytest.fixture
def reveal(home, monkeypatch):
    """Reveals on the day after the commit."""

    def revealed(number: str = NUMBER, source: str = SOURCE, draw: str = "D1") -> int:
        at(monkeypatch, 2)
        return run(home, "reveal", "--number", number, "--source", source, draw=draw)

    return revealed


@pytest.fixture
def revealed(home, reveal):
    """A home with the draw D1 revealed."""
    assert commit(home) == reveal() == 0
    return home


def drawn(home) -> list[list[str]]:
    return [line.split(",") for line in (home / "draw" / "D1" / "drawn.csv").read_text().splitlines()[1:]]


def substituted(home, *, by: str = "稽查室主任") -> int:
    merchant, officers = drawn(home)[0][2], drawn(home)[0][4].split(";")
    other = next(name for name in ("R2", "R3", "R4") if name not in officers)
    words = ("--merchant", merchant, "--replaced", officers[0], "--officer", other)
    return run(home, "substitute", *words, "--reason-code", "leave", "--reason", "休假,已批", "--by", by)


def test_a_draw_is_committed_revealed_substituted_and_verified(home, reveal, capsys):
    assert commit(home) == reveal() == 0
    digest = sha256((home / "draw/D1/pool.csv").read_text(encoding="utf-8"))
    said = capsys.readouterr().out
    assert digest in said and "pool.csv 含回避、信用类别与上次派出人员,不公开" in said
    assert [len(row[4].split(";")) for row in drawn(home)] == [2] * 6 and "R1" not in str(drawn(home))
    assert substituted(home) == 0
    head = capsys.readouterr().out.splitlines()[-1]
    assert run(home, "verify", "--pool-sha256", digest, "--head", head) == 0
    assert "全部相符" in capsys.readouterr().out
    rows = (home / "draw/D1/random_draw.csv").read_text().splitlines()
    assert rows[0] == "draw_id,merchant_id,officer_id,drawn_on,seed,is_substituted" and len(rows) == 1 + 12 + 1
    assert rows[-1].endswith("true") and rows[1].split(",")[3] == "2026-07-02"


def test_no_name_of_a_person_or_a_firm_is_in_any_file(home, revealed):
    said = "".join(path.read_text(encoding="utf-8") for path in (home / "draw" / "D1").iterdir())
    assert "林一" not in said and "某某" not in said and "东所" not in said


def test_adding_an_officer_changes_the_hash_that_is_published(home):
    assert commit(home) == 0
    before = json.loads((home / "draw/D1/commit.json").read_text())["pool_sha256"]
    write_night(home, tables(officers=("R1", "R2", "R3", "R4", "R5")))
    assert run(home, "close", "--reason", "x", "--by", "x") == commit(home, draw="D2") == 0
    assert json.loads((home / "draw/D2/commit.json").read_text())["pool_sha256"] != before


def test_a_draw_has_one_pool_and_one_number(home, revealed, reveal, capsys):
    assert commit(home) == reveal("01 02 03") == 1
    said = capsys.readouterr().err
    assert "committed already" in said and "revealed already" in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--number", "08 15 24", "--source", "福利彩票 2026076期"), f"committed to another number: {SOURCE}"),
        (("--number", "8 15 23", "--source", SOURCE), "has the form 0 00 00, committed was 00 00 00"),
        (("--number", "081523", "--source", SOURCE), "has the form 000000"),
    ],
)
def test_a_number_of_another_source_or_written_otherwise_is_refused(home, reveal, capsys, words, told):
    """Else whoever draws waits for a number that he likes, or writes it as he likes."""
    assert commit(home) == 0 and reveal(words[1], words[3]) == 1
    assert told in capsys.readouterr().err and not (home / "draw/D1/reveal.json").exists()
    assert reveal("08,15,23", f" {SOURCE} ") == run(home, "verify") == 0


def test_a_number_that_is_out_at_the_commit_is_refused_and_nothing_is_revealed_before_its_day(home, reveal, capsys):
    known = ("--source", "x", "--form", "00", "--announced-on", "2026-07-01")
    assert run(home, "commit", *known) == 1 and "on a day after the commit's" in capsys.readouterr().err
    assert commit(home) == 0 and run(home, "reveal", "--number", NUMBER, "--source", SOURCE) == 1
    assert "before the number comes out on 2026-07-02" in capsys.readouterr().err and reveal() == 0


def test_a_row_that_stands_twice_in_the_delivered_file_is_found(home, revealed, capsys):
    path = home / "draw/D1/random_draw.csv"
    path.write_text(path.read_text() + path.read_text().splitlines(keepends=True)[1])
    assert run(home, "verify") == 1 and "more than once" in capsys.readouterr().err


def test_a_pool_that_was_changed_is_not_drawn_from(home, reveal, capsys):
    assert commit(home) == 0
    path = home / "draw/D1/pool.csv"
    path.write_text(path.read_text().replace("R4,,2027-01-01", "R4,,2026-01-01"))
    assert reveal("01 02 03") == run(home, "verify") == 1
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
        ("random_draw.csv", lambda text: text.replace("2026-07-02", "2026-07-03"), "random_draw.csv lacks"),
    ],
)
def test_verify_finds_and_names_what_was_tampered_with(home, revealed, capsys, name, change, told):
    assert substituted(home) == 0
    path = home / "draw" / "D1" / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert run(home, "verify") == 1
    assert told in capsys.readouterr().err


def test_the_published_hash_and_the_told_head_are_held_against_the_files(home, revealed, capsys):
    """Who makes pool, draw and list anew as a whole cannot make anew what was printed elsewhere."""
    assert run(home, "verify", "--pool-sha256", "0" * 64) == run(home, "verify", "--head", "1:" + "0" * 64) == 1
    said = capsys.readouterr().err
    assert "not the one that was published" in said and "substitution 1 is not the one told" in said


def test_commands_that_cannot_be_done_say_why_in_one_sentence(home, capsys, tmp_path):
    assert run(home, "reveal", "--number", "1", "--source", "x") == 1
    assert commit(home, "--task", "no_such_task") == commit(home, "--task", "unreported_two_years") == 1
    assert commit(home, draw="../out") == 1
    assert commit(tmp_path / "elsewhere") == 1
    write_night(home, tables(), absent=("recusal",))
    assert commit(home) == 1
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


def test_nothing_is_revealed_by_a_blank_number_or_without_a_source(home, reveal, capsys):
    assert commit(home) == 0
    assert reveal(" ") == reveal(NUMBER, "") == 1
    assert "blank" in capsys.readouterr().err and not (home / "draw/D1/drawn.csv").exists()


def test_a_substitution_is_logged_only_where_all_agrees_and_is_allowed(home, reveal, capsys):
    assert commit(home) == 0
    words = ("--merchant", "M0", "--officer", "R2", "--reason", "x", "--by", "x")
    assert run(home, "substitute", *words, "--reason-code", "leave") == 1
    assert reveal("01 02 03") == 0
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
    assert commit(home, "--task", "unreported_two_years", "--objects", str(listed)) == 0
    said = json.loads((home / "draw/D1/commit.json").read_text(encoding="utf-8"))
    assert said["object_count"] == 2 and said["notes"] == ["未交付回避 · none"]
    assert "未交付回避 · none" in capsys.readouterr().out


def test_the_last_crew_is_who_really_went_also_before_a_night_takes_it_in(home, revealed, capsys):
    """And what comes later is not known to a pool that was frozen before it."""
    assert substituted(home) == 0
    merchant, sent = drawn(home)[0][2], capsys.readouterr().out
    came = re.search("is logged: (R.)", sent)[1]
    staying = drawn(home)[0][4].split(";")[1]
    assert commit(home, "--announced-on", "2026-07-09", draw="D2") == 0
    pool = (home / "draw/D2/pool.csv").read_text(encoding="utf-8")
    assert re.findall(f"last_crew,,{merchant},(R.),,", pool) == sorted([came, staying])
    assert run(home, "verify", draw="D2") == run(home, "verify") == 0


def test_a_published_file_that_was_changed_is_not_drawn_from(home, capsys):
    path = home / "published/current/recusal.parquet"
    path.write_bytes((home / "published/current/declared_interest.parquet").read_bytes())
    assert commit(home) == 1 and "not the file that was published" in capsys.readouterr().err


def test_verify_before_the_number_says_that_it_is_not_revealed(home, capsys):
    assert commit(home) == run(home, "verify") == 0
    assert "尚未揭晓" in capsys.readouterr().out
    path = home / "draw/D1/commit.json"
    path.write_text(path.read_text(encoding="utf-8").replace("pool_sha256", "pool_md5"), encoding="utf-8")
    assert run(home, "verify") == 1 and "lacks pool_sha256" in capsys.readouterr().err


def test_a_past_draw_s_identifier_is_not_taken_again(home, capsys):
    past = {"draw_id": "D1", "unit_id": "all", "draw_class": "all", "drawn_on": NIGHT}
    write_night(home, tables(draw=[past]))
    assert commit(home) == 1 and "draw of the past" in capsys.readouterr().err


def test_a_second_pool_of_one_task_is_refused_until_the_first_is_closed_with_its_reason(home, reveal, capsys):
    """Six pools of which one is revealed are a choice; each leaves its line, and an open one bars the next."""
    assert commit(home) == 0 and commit(home, draw="D2") == 1
    assert "D1 of the draw by class is committed and not revealed" in capsys.readouterr().err
    assert commit(home, "--task", "highest_risk", draw="D3") == 0
    assert run(home, "close", "--reason", " ", "--by", "科长") == 1
    assert run(home, "close", "--reason", "对象名单有误", "--by", "科长") == 0
    assert run(home, "close", "--reason", "x", "--by", "科长") == 1 and reveal() == 1
    said = capsys.readouterr().err
    assert "must say in words why" in said and "D1 is no open commit" in said and "never revealed: 对象名单有误" in said
    assert commit(home, draw="D4") == 1 and "on a day after" in capsys.readouterr().err
    later = ("--source", "x", "--form", "0", "--announced-on", "2026-07-09")
    assert run(home, "commit", *later, draw="D4") == run(home, "verify", draw="D4") == 0
    told = capsys.readouterr().out
    assert "D3 was committed 1 days ago and is not revealed" in told and "by 科长: 对象名单有误" in told


def test_a_commit_whose_files_were_deleted_is_still_known(home, capsys):
    assert commit(home) == 0
    shutil.rmtree(home / "draw" / "D1")
    assert commit(home) == commit(home, draw="D2") == 1
    said = capsys.readouterr().err
    assert "D1 is committed already, as the log" in said and "D1 of the draw by class is committed and not" in said


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda lines: lines[:1] + lines[2:], "before number 2 was removed"),
        (lambda lines: [*lines[:1], lines[1].replace("highest_risk", "x"), *lines[2:]], "commit line 1 was changed"),
        (lambda lines: lines[:2], "D1 0 times, not once"),
    ],
)
def test_a_log_of_commits_that_was_changed_is_found(home, capsys, change, told):
    assert commit(home, "--task", "highest_risk", draw="D2") == commit(home) == 0
    head = capsys.readouterr().out.splitlines()[-1].removeprefix("commit.csv: ")
    assert run(home, "verify", "--log-head", head) == 0
    path = home / "draw" / COMMIT_LOG.file
    path.write_text("".join(change(path.read_text(encoding="utf-8").splitlines(keepends=True))), encoding="utf-8")
    assert run(home, "verify") == 1 and told in capsys.readouterr().err
    path.write_text(COMMIT_LOG.header, encoding="utf-8")
    assert (
        run(home, "verify", "--log-head", head) == 1 and "commit line 2 is not the one told" in capsys.readouterr().err
    )


def test_verify_makes_the_pool_anew_from_its_night_and_tells_what_was_cooked_before_the_commit(
    home, monkeypatch, capsys
):
    real = drawing.pool_of

    def cooked(*given, **named):
        pool, *others = real(*given, **named)
        return replace(pool, recusals=frozenset(), strata={**pool.strata, "D": 9000}), *others

    monkeypatch.setattr(drawing, "pool_of", cooked)
    assert commit(home) == 0 and run(home, "verify") == 1
    said = capsys.readouterr().err
    assert "lacks 'recusal M0 R1'" in said and "has 'stratum D 9000'" in said and "lacks 'stratum D 5000'" in said


def test_verify_says_what_it_was_not_held_against(home, revealed, capsys):
    digest = sha256((home / "draw/D1/pool.csv").read_text(encoding="utf-8"))
    assert run(home, "verify", "--pool-sha256", digest) == 0 and "自洽" not in capsys.readouterr().out
    path = home / "published" / NIGHT.isoformat()
    path.rename(path.with_name("kept"))
    assert run(home, "verify") == 0
    said = capsys.readouterr().out
    assert "仅与本机文件自洽,未与公布的哈希核对" in said and "未能由2026-06-30的数据重建名单" in said
