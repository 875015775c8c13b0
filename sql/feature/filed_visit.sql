-- feature.filed_visit · 报备与巡查 · which filing belongs to which visit: the visit names it, or the same officer, led or joined, was at the same merchant within a day of what was filed
-- grain: filing_id, patrol_id
-- filing_id | id | 报备编号 | filing
-- patrol_id | id | 巡查编号 | visit
-- is_named | boolean | 巡查载明报备 | the visit names the filing
-- is_accepted | boolean | 报备有效 | the filing was neither rejected nor missing
-- filed_at | timestamp? | 报备时间 | filed at
with filing as (
    select
        filing_id,
        officer_id,
        merchant_id,
        filed_at,
        coalesce(status not in ('rejected', 'missing'), true) as is_accepted,
        cast(coalesce(event_at, filed_at) as date) as event_on
    from core.filing
    where kind = 'visit'
),

near as (
    select filing.filing_id, patrol.patrol_id
    from filing
    inner join core.patrol
        on patrol.merchant_id = filing.merchant_id
        and (patrol.lead_officer_id = filing.officer_id or patrol.co_officer_id = filing.officer_id)
        and abs(date_diff('day', filing.event_on, patrol.visited_on)) <= 1
    union
    select filing.filing_id, patrol.patrol_id
    from filing
    inner join core.patrol on patrol.visit_filing_id = filing.filing_id
)

select
    near.filing_id,
    near.patrol_id,
    coalesce(patrol.visit_filing_id = near.filing_id, false) as is_named,
    filing.is_accepted,
    filing.filed_at
from near
inner join filing on filing.filing_id = near.filing_id
inner join core.patrol on patrol.patrol_id = near.patrol_id
