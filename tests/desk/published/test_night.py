"""Reading a published night: what is there, what is not, and nothing else on the machine."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from desk.published.night import NoNight, NotPublished, Unreadable, current
from tests.desk.small_night import NIGHT, write_night


def test_a_night_is_what_the_pointer_leads_to_until_it_moves(home):
    write_night(home, {"merchant_risk": [{"merchant_id": "M1"}]})
    first = current()
    assert first.as_of == NIGHT and first.days_old(date(2026, 7, 2)) == 2
    assert current() is first
    write_night(home, {"merchant_risk": []}, date(2026, 7, 1))
    assert current().as_of == date(2026, 7, 1)
    # whoever still reads the night before finds it whole
    assert first.value("select count(*) from merchant_risk") == 1


def test_tables_and_columns_that_a_night_has_are_known_without_asking(home):
    write_night(home, absent={"drift"})
    night = current()
    assert "drift" not in night.tables and night.columns("drift") == frozenset()
    assert {"merchant_id", "percentile"} <= night.columns("merchant_risk")


def test_what_a_night_was_published_without_is_told_as_that(home):
    write_night(home, absent={"drift"})
    for text in ("select * from drift", "select height from merchant_risk"):
        with pytest.raises(NotPublished):
            current().rows(text)


def test_no_night_and_a_broken_night_are_two_things(home):
    with pytest.raises(NoNight) as none:
        current()
    assert not isinstance(none.value, Unreadable)
    folder = write_night(home, {"merchant_risk": [{"merchant_id": "M1"}]})
    (folder / "merchant_risk.parquet").write_bytes(b"PAR1 broken")
    with pytest.raises(Unreadable):
        current()
    (folder / "manifest.json").unlink()
    with pytest.raises(Unreadable):
        current()


def test_a_file_that_goes_while_it_is_read_makes_the_night_unreadable(home):
    folder = write_night(home, {"merchant_risk": [{"merchant_id": "M1"}]})
    night = current()
    (folder / "merchant_risk.parquet").unlink()
    with pytest.raises(Unreadable):
        night.rows("select * from merchant_risk")


def test_the_engine_reads_the_nights_folder_and_nothing_else(home, tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    write_night(home)
    for text in ("select * from read_csv($path)", "copy (select 1) to '" + str(tmp_path / "out.csv") + "'"):
        with pytest.raises(duckdb.Error):
            current().rows(text, {"path": str(tmp_path / "secret.csv")} if "$" in text else None)
    with pytest.raises(duckdb.Error):
        current().rows("set enable_external_access = true")
    assert not (tmp_path / "out.csv").exists()


def test_rows_come_one_by_one_while_others_are_asked_for(home):
    write_night(home, {"merchant_risk": [{"merchant_id": f"M{number}"} for number in range(5)]})
    night = current()
    stream = night.stream("select merchant_id from merchant_risk order by merchant_id")
    first = next(stream)
    assert night.value("select count(*) from merchant_risk") == 5
    assert [first["merchant_id"], *(row["merchant_id"] for row in stream)] == ["M0", "M1", "M2", "M3", "M4"]


def test_a_table_of_the_desk_is_made_once_a_night_and_never_over_a_published_one(home):
    write_night(home, {"merchant_risk": [{"merchant_id": "M1"}]})
    night = current()
    assert night.kept("seen", "select merchant_id from merchant_risk") == "seen"
    assert night.kept("seen", "select this is not read again") == "seen"
    assert night.rows("select * from seen") == [{"merchant_id": "M1"}]
    for name in ("merchant_risk", "a b"):
        with pytest.raises(ValueError, match="no name for a table"):
            night.kept(name, "select 1 as a")
    with pytest.raises(NotPublished):
        night.kept("other", "select height from merchant_risk")
