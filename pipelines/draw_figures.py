"""Past draws as the warehouse of a night knows them, for their audit and their figures."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from models.draw.audit import draw_audit
from models.draw.past import BUREAU, draw_counts, past_draws
from models.flags import NotComputable
from models.policy import DrawPolicy
from pipelines.draw_frame import FAMILY
from pipelines.warehouse.frames import frame_of

if TYPE_CHECKING:
    import duckdb

DRAW_TABLES = ("core.merchant", "core.random_draw", "feature.draw_officer", "feature.institution_directory")

MERCHANTS = """
select
    merchant.merchant_id,
    merchant.institution_id,
    merchant.status,
    merchant.registered_on,
    merchant.closed_on,
    merchant.credit_risk_class,
    risk.patrol_tier,
    risk.model_risk_tier
from core.merchant as merchant
left join score.merchant_risk as risk on risk.merchant_id = merchant.merchant_id
order by merchant.merchant_id
"""


def draw_figures(
    connection: duckdb.DuckDBPyConnection, policy: DrawPolicy, night: date
) -> tuple[dict[str, pd.DataFrame], list[NotComputable]]:
    """The published tables `draw` and `draw_audit` of a night, and what draws lack; tables DRAW_TABLES are made."""
    delivery = frame_of(connection, "core.delivery").iloc[0]
    gaps = list(draw_gaps(delivery.to_dict()))
    if not bool(delivery["has_random_draw"]):
        return {"draw": pd.DataFrame(), "draw_audit": pd.DataFrame()}, gaps
    drawn = frame_of(connection, "core.random_draw")
    frames = {
        "draw": drawn,
        "merchant": connection.execute(MERCHANTS).df(),
        "able": frame_of(connection, "feature.draw_officer"),
        "institution": frame_of(connection, "feature.institution_directory", ("institution_id", "unit_id")),
    }
    past = past_draws(frames, policy, night)
    counts, audit = draw_counts(past), draw_audit(past)
    if len(counts):
        seeds = drawn.groupby("draw_id")["seed"].max()
        is_whole = (counts["unit_id"] == BUREAU) & (counts["draw_class"] == BUREAU)
        counts["seed"] = counts["draw_id"].map(seeds).where(is_whole, None)
    named = {"draw": counts, "draw_audit": audit}
    return {
        name: frame.assign(as_of=pd.Timestamp(night)) if len(frame) else frame for name, frame in named.items()
    }, gaps


def draw_gaps(delivered: dict[str, bool]) -> list[NotComputable]:
    """What a draw made from this night could not respect, and whether past draws were delivered at all."""
    gaps = (
        (
            "has_random_draw",
            "未交付随机抽查记录(random_draw),无法检验以往抽查是否随机",
            "past random draws were not delivered: whether they were random is not known",
        ),
        (
            "has_recusal",
            "未交付回避(recusal),也未同时交付亲属申报与主体关联人,抽取未执行回避",
            "neither recusals nor declared relatives with the persons behind merchants were delivered: a draw knows of no"
            " recusal",
        ),
        (
            "has_certificate",
            "未交付执法证有效期(officer.certificate_valid_to_on),无法抽取人员",
            "officer.certificate_valid_to_on was not delivered: no officer can be drawn",
        ),
    )
    return [NotComputable("bureau", "all", FAMILY, zh, en) for name, zh, en in gaps if not bool(delivered[name])]
