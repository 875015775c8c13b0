-- feature.visit_filing · 入企检查报备 · filings of visits whose day is over by $as_of_date, and whether a visit followed
-- grain: filing_id
-- filing_id | id | 报备编号 | filing
-- officer_id | id | 人员编号 | officer
-- merchant_id | id | 主体编号 | merchant
-- filed_on | date? | 报备日期 | filed on
-- event_on | date | 事项日期 | day of the visit that was filed, or of the filing where it names none
-- status | enum(approved,rejected,on_time,late,missing)? | 状态 | status
-- was_visited | boolean | 有对应巡查 | a visit on record names the filing, or the officer, leading or joining, was at the merchant within a day of the event
-- known_on | date | 可知日期 | day from which a visit can be missed: the filing is in and the day after the event has come
with filing as (
    select *, cast(coalesce(event_at, filed_at) as date) as event_on
    from core.filing
    where kind = 'visit' and officer_id is not null and merchant_id is not null
),

visited as (
    select distinct filing_id
    from feature.filed_visit
)

select
    filing.filing_id,
    filing.officer_id,
    filing.merchant_id,
    filing.filed_on,
    filing.event_on,
    filing.status,
    visited.filing_id is not null as was_visited,
    greatest(filing.known_on, cast(filing.event_on + interval 1 day as date)) as known_on
from filing
left join visited on visited.filing_id = filing.filing_id
where filing.event_on < $as_of_date
