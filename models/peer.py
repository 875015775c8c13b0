"""The peers of a hint as a reader sees them: their measures beside the subject's, and nobody's name.

They stand in the order of what was measured. An order by who they are, even a digest of it, could be found again by anyone
who has the list of officers; an order by the figures tells nothing that the figures do not.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import fields

import numpy as np
import pandas as pd

from models.flags import Peer
from models.shrinkage import INTERVAL_DEVIATIONS

PEER_LIMIT = 400
"""Peers beside a subject at most; of more, every n-th by the statistic, so that their spread stays what it is."""
NAMES = tuple(field.name for field in fields(Peer))


def told_peers(rows: pd.DataFrame, subject: Hashable) -> tuple[Peer, ...]:
    """The subject first, then the others in the order of the statistic and of all else that is told; none where he is alone.

    rows : one per peer and one of the subject, indexed by who; the columns of Peer that may be told, `statistic` among them.
    A column that is left out, and a gap, is empty. Raises KeyError where the subject has no row or a column is unknown.
    """
    unknown = sorted(set(rows.columns) - set(NAMES))
    if unknown or "statistic" not in rows.columns:
        raise KeyError(f"peers are told by {', '.join(NAMES)}, statistic among them; found {', '.join(rows.columns)}")
    empty = np.full(len(rows), np.nan)
    columns = {name: rows[name].to_numpy(dtype=float, na_value=np.nan) if name in rows else empty for name in NAMES}
    table, place = np.column_stack(list(columns.values())), rows.index.get_loc(subject)
    others = np.delete(table, place, axis=0)
    if len(others) == 0:
        return ()
    # the last key weighs most
    by = [others[:, NAMES.index(name)] for name in (*NAMES[::-1], "statistic")]
    others = others[np.lexsort(by)]
    if len(others) > PEER_LIMIT:
        others = others[np.linspace(0, len(others) - 1, PEER_LIMIT).round().astype(int)]
    told = np.vstack([table[place], others]).astype(object)
    told[np.isnan(told.astype(float))] = None
    return tuple(Peer(None if exposure is None else int(exposure), *measured) for exposure, *measured in told.tolist())


def effects_of_peers(rows: pd.DataFrame, deviation: pd.Series) -> pd.DataFrame:
    """Shrunken effects as they stand beside each other in a hint: the columns that `told_peers` reads, indexed as rows.

    rows : decision_count, observed, gap (observed less expected) and effect. deviation : of each effect, for the 95 %
    interval.
    """
    reach = INTERVAL_DEVIATIONS * deviation
    return pd.DataFrame(
        {
            "exposure_count": rows["decision_count"],
            "observed": rows["observed"],
            "expected": rows["observed"] - rows["gap"],
            "statistic": rows["effect"],
            "interval_low": rows["effect"] - reach,
            "interval_high": rows["effect"] + reach,
        }
    )
