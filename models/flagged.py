"""From what the families say to what may be published: a hint without an explanation is withheld, with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from models.flags import Flag, Judgement, NotComputable


def withhold_unexplained(
    judgements: Mapping[str, Judgement], is_explained: Callable[[Flag], bool], reason_zh: str, reason_en: str
) -> dict[str, Judgement]:
    """The judgements by family without the flags that have no explanation; one row of the bureau says how many.

    is_explained : whether the subject of a flag has SHAP reasons. reason_zh, reason_en : why it has none (for instance
    `NotTrainable.zh`). The row names nobody, for a name with a withheld hint would be the hint; and it says that hints
    were withheld, never that there is nothing.
    """
    return {
        family: _withheld(family, judgement, is_explained, reason_zh, reason_en)
        for family, judgement in judgements.items()
    }


def _withheld(
    family: str, judgement: Judgement, is_explained: Callable[[Flag], bool], reason_zh: str, reason_en: str
) -> Judgement:
    kept = tuple(flag for flag in judgement.flags if is_explained(flag))
    count = len(judgement.flags) - len(kept)
    if count == 0:
        return judgement
    told = NotComputable(
        "bureau",
        "all",
        family,
        f"{count}条提示因无法给出解释未发布:{reason_zh}",
        f"{count} hints are withheld because they cannot be explained: {reason_en}",
    )
    return replace(judgement, flags=kept, not_computable=(*judgement.not_computable, told))
