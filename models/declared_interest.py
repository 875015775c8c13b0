"""Why nobody can be told whose firm a relative stands behind: an empty list would read as 'no interest declared'."""

from __future__ import annotations

from models.flags import NotComputable

FAMILY = "declared_interest"


def interest_gaps(has_relation: bool) -> list[NotComputable]:
    """The gap, where declared relatives and the persons behind merchants were not both delivered; none where they were."""
    if has_relation:
        return []
    return [
        NotComputable(
            "bureau",
            "all",
            FAMILY,
            "亲属申报与主体关联人未同时交付,无法列出亲属关联主体,复核人回避只能依本人说明",
            "declared relatives and the persons behind merchants were not both delivered: no list of relatives' firms, and a"
            " reviewer's recusal rests on his own word",
        )
    ]
