from dataclasses import replace

import pytest

from models.flagged import withhold_unexplained
from models.flags import Judgement, NotComputable
from tests.pipelines.test_flag_tables import flag

FLAGS = tuple(flag("officer", name) for name in ("R1", "R2", "R3"))
TOLD = NotComputable("officer", "R9", "leniency", "件数不足", "too few decisions")


def withheld(explained: set[str]) -> Judgement:
    return withhold_unexplained(
        {"leniency": Judgement(FLAGS, (TOLD,))},
        lambda hint: hint.subject_id in explained,
        "没有模型",
        "there is no model",
    )["leniency"]


def test_withheld_hints_are_counted_with_their_reason():
    found = withheld({"R2"})
    assert [hint.subject_id for hint in found.flags] == ["R2"]
    before, row = found.not_computable
    assert before == TOLD
    assert (row.subject_kind, row.subject_id, row.family) == ("bureau", "all", "leniency")
    assert row.reason_zh == "2条提示因无法给出解释未发布:没有模型"
    assert row.reason_en == "2 hints are withheld because they cannot be explained: there is no model"


@pytest.mark.parametrize("explained", [set(), {"R2"}])
def test_a_withheld_hint_names_nobody(explained):
    """The name beside 'a hint was withheld' would be the hint, without its evidence and its innocent explanations."""
    rows = [row for row in withheld(explained).not_computable if row != TOLD]
    said = " ".join(" ".join(vars(row).values()) for row in rows)
    assert rows and not [hint.subject_id for hint in FLAGS if hint.subject_id in said]


def test_where_every_hint_is_explained_nothing_is_said():
    found = withheld({"R1", "R2", "R3"})
    assert (found.flags, found.not_computable) == (FLAGS, (TOLD,))


def test_each_family_is_told_for_itself():
    other = tuple(replace(hint, family="clustered_complaints") for hint in FLAGS[:1])
    found = withhold_unexplained(
        {"leniency": Judgement(FLAGS), "clustered_complaints": Judgement(other)}, lambda hint: False, "无", "none"
    )
    rows = [row for judgement in found.values() for row in judgement.not_computable]
    assert [(row.family, row.reason_zh[:2]) for row in rows] == [("leniency", "3条"), ("clustered_complaints", "1条")]
