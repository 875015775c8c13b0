"""Handlers beside the cases of a window."""

import numpy as np

from tests.models.test_leniency import HANDLERS, case_records, judged


def test_where_every_handler_has_too_few_decisions_nobody_is_named_and_each_is_told():
    """Sixty handlers of nine cases each: enough to say what is usual, too few of anybody."""
    cases = case_records(per_handler=36)
    cases["lead_officer_id"] += (np.arange(len(cases)) % 4).astype(str)
    found = judged(cases)
    assert not [flag for flag in found.flags if flag.subject_kind == "officer"]
    assert set(HANDLERS) <= {row.subject_id for row in found.not_computable if row.subject_kind == "officer"}
