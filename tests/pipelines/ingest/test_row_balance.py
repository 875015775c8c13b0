"""Whatever is broken in a file, every row is accounted for, and no good row is lost."""

import shutil

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .small_bureau import BUREAU, Archive, csv_text

COLUMNS = [*BUREAU["complaint"][0]]
GOOD = BUREAU["complaint"][0]
values = st.one_of(
    st.sampled_from(
        ["", " ", "O1", "O9", "M1", "accusation", "检举控告", "13800138000", "2026-06-31", "-1", "0", '"', "a,b", "\n"]
    ),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=6),
)
rows = st.dictionaries(st.sampled_from(COLUMNS), values, max_size=4).map(lambda changes: GOOD | changes)
raw_lines = st.text(st.sampled_from('C1",\\ O9accusation投'), min_size=1, max_size=20)


def unreadable_as_row(line: str) -> bool:
    return bool(line.strip(', "'))


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(broken=st.lists(rows, max_size=6), lines=st.lists(raw_lines.filter(unreadable_as_row), max_size=3))
def test_rows_in_are_rows_kept_quarantined_collapsed_or_refused(tmp_path_factory, first_archive, broken, lines):
    archive = Archive(tmp_path_factory.mktemp("balance"))
    shutil.copytree(first_archive.raw_folder, archive.raw_folder)
    source = archive.next_source()
    good = [GOOD | {"complaint_id": f"good {number}"} for number in range(4)]
    before, after = csv_text(broken + good[:2], COLUMNS), csv_text(good[2:], COLUMNS).split("\n", 1)[1]
    (source / "complaint.csv").write_text(
        before + "".join(f"{line}\n" for line in lines) + after, encoding="utf-8", newline=""
    )
    delivery = archive.take_in(source)
    count = delivery.tables["complaint"]
    assert count.rows_in == count.kept + count.quarantined + count.collapsed + count.refused
    assert count.rows_in == delivery.files[0].row_count
    kept = archive.query("select complaint_id from raw.complaint where delivery_number = 2")
    assert len(kept) == count.kept
    # Lines of marks may close over the row after them, as in a spreadsheet; the rows before them stand in any case.
    assert {("good 0",), ("good 1",)} <= set(kept)
    if '"' not in "".join(lines):
        assert count.rows_in == len(broken) + len(lines) + len(good)
        assert {("good 2",), ("good 3",)} <= set(kept)
    assert archive.query("select count(*) from raw.quarantine") == [(count.quarantined,)]
