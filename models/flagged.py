"""From what the families say to what may be published: a hint without an explanation is withheld, with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from models.flags import Flag, Judgement, NotComputable


def withhold_unexplained(
    judgements: Mapping[str, Judgement], is_explained: Callable[[Flag], bool], reason_zh: str, reason_en: str
) -> dict[str, Judgement]:
    """The judgements by family with every flag that has no explanation turned into a not-computable row.

    is_explained : whether the subject of a flag has SHAP reasons. reason_zh, reason_en : why it has none (for instance
    `NotTrainable.zh`); the row says that a hint was withheld, never that there is nothing.
    """
    return {
        family: _withheld(judgement, is_explained, reason_zh, reason_en) for family, judgement in judgements.items()
    }


def _withheld(judgement: Judgement, is_explained: Callable[[Flag], bool], reason_zh: str, reason_en: str) -> Judgement:
    kept = tuple(flag for flag in judgement.flags if is_explained(flag))
    rows = tuple(
        NotComputable(
            flag.subject_kind,
            flag.subject_id,
            flag.family,
            f"有提示但无法给出解释,暂不发布:{reason_zh}",
            f"a hint is withheld because it cannot be explained: {reason_en}",
        )
        for flag in judgement.flags
        if not is_explained(flag)
    )
    return replace(judgement, flags=kept, not_computable=judgement.not_computable + rows)
