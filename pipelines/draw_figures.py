"""Past draws as the warehouse of a night knows them, for their audit and their figures."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.draw.audit import draw_audit
from models.draw.past import BUREAU, draw_counts, past_draws
from models.flags import NotComputable
from models.policy import DrawPolicy
from pipelines.draw_frame import FAMILY
from pipelines.warehouse.frames import frame_of

if TYPE_CHECKING:
    import duckdb

DRAW_TABLES = (
    "core.merchant",
    "core.random_draw",
    "core.draw_commit",
    "feature.draw_officer",
    "feature.institution_directory",
)

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
    frozen = frame_of(connection, "core.draw_commit")
    gaps = [*draw_gaps(delivery.to_dict()), *differing_gaps(frozen)]
    drawn = frame_of(connection, "core.random_draw")
    counts, audit = without_places(frozen[~frozen["draw_id"].isin(drawn["draw_id"])]), pd.DataFrame()
    if bool(delivery["has_random_draw"]):
        frames = {
            "draw": drawn,
            "merchant": connection.execute(MERCHANTS).df(),
            "able": frame_of(connection, "feature.draw_officer"),
            "institution": frame_of(connection, "feature.institution_directory", ("institution_id", "unit_id")),
        }
        past = past_draws(frames, policy, night)
        told, audit = draw_counts(past), draw_audit(past)
        if len(told):
            seeds = drawn.groupby("draw_id")["seed"].max()
            is_whole = (told["unit_id"] == BUREAU) & (told["draw_class"] == BUREAU)
            told["seed"] = told["draw_id"].map(seeds).where(is_whole, None)
            known = frozen.set_index("draw_id")[["committed_on", "pool_sha256"]]
            told = told.join(known, on="draw_id").assign(state="drawn")
            counts = pd.concat([told, counts], ignore_index=True) if len(counts) else told
    named = {"draw": counts, "draw_audit": audit}
    return {
        name: frame.assign(as_of=pd.Timestamp(night)) if len(frame) else frame for name, frame in named.items()
    }, gaps


def without_places(frozen: pd.DataFrame) -> pd.DataFrame:
    """Rows of the published table `draw`, without as_of, of commits that sent nobody: one each, of the whole bureau.

    frozen : core.draw_commit of draws that core.random_draw does not have. One that the log does not have has no row: it is
    told as not computable.
    """
    rows = frozen[frozen["committed_on"].notna()]
    is_drawn, is_closed = rows["revealed_on"].notna(), rows["closed_on"].notna()
    states = np.select(
        [rows["is_differing"].astype(bool), is_drawn, is_closed], ["differing", "drawn", "closed"], "not_revealed"
    )
    return pd.DataFrame(
        {
            "draw_id": rows["draw_id"],
            "unit_id": BUREAU,
            "draw_class": BUREAU,
            "state": states,
            "drawn_on": rows["revealed_on"],
            "pool_count": rows["object_count"].astype("int64"),
            "drawn_count": rows["drawn_count"].fillna(0).astype("int64"),
            **dict.fromkeys(("place_count", "by_hand_count"), 0),
            **dict.fromkeys(("drawn_share", "expected_share"), np.nan),
            "task": rows["task"],
            "committed_on": rows["committed_on"],
            "pool_sha256": rows["pool_sha256"],
            "seed": None,
        }
    )


def differing_gaps(frozen: pd.DataFrame) -> list[NotComputable]:
    """Every draw whose files do not agree, by name: it is not in the night's figures."""
    return [
        NotComputable(
            "bureau",
            "all",
            FAMILY,
            f"抽查{draw_id}的文件核验不符,未纳入;请运行 mingjian draw verify --draw {draw_id}",
            f"the files of draw {draw_id} do not agree, so it was not taken in; run mingjian draw verify --draw {draw_id}",
        )
        for draw_id in frozen.loc[frozen["is_differing"].astype(bool), "draw_id"]
    ]


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
