"""Who declared a relative behind a merchant that a flag rests on: he must not read it, and the merchant is not told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import duckdb

MERCHANT_OF = {"patrol": "patrol_id", "penalty": "case_id", "filing": "filing_id", "complaint": "complaint_id"}
"""Tables of core whose records name a merchant, and their key."""

INTEREST_TABLES = ("feature.declared_interest", *(f"core.{table}" for table in MERCHANT_OF))
"""The tables that are read here. Of a complaint nothing but its merchant is, and that is not published."""

INTERESTS = f"""
with touched as (
    select flag_id, record_id as merchant_id from behind where "table" = 'merchant'
    {
    "".join(
        f'''
    union
    select behind.flag_id, {table}.merchant_id
    from behind inner join core.{table} on {table}.{key} = behind.record_id
    where behind."table" = '{table}'
'''
        for table, key in MERCHANT_OF.items()
    )
}
)

select distinct touched.flag_id, interest.officer_id
from touched
inner join feature.declared_interest as interest on interest.merchant_id = touched.merchant_id
order by 1, 2
"""


def flag_interests(connection: duckdb.DuckDBPyConnection, flags: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """The published flag_interest: flag_id and officer_id, in that order; the tables read from are there.

    flags, evidence : red_flag and flag_evidence. Complaints count among the evidence, so that a flag that rests on what
    people said of a relative's firm is kept from the officer too; without the merchant nobody learns whose firm it was.
    """
    if flags.empty:
        return flags.head(0)
    pair = flags.loc[flags["subject_kind"] == "pair", ["flag_id", "subject_id"]]
    met = pair.assign(table="merchant", record_id=pair["subject_id"].str.split("|").str[1])
    columns = ["flag_id", "table", "record_id"]
    behind = pd.concat([evidence.reindex(columns=columns), met[columns]], ignore_index=True).astype("str")
    connection.register("behind", behind)
    try:
        return connection.execute(INTERESTS).df()
    finally:
        connection.unregister("behind")
