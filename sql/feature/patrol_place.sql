-- feature.patrol_place · 巡查地点 · where every open merchant lies, and which two visited it last
-- grain: merchant_id
-- merchant_id | id | 主体编号 | merchant
-- latitude | latitude? | 纬度 | latitude
-- longitude | longitude? | 经度 | longitude
-- last_lead_officer_id | id? | 上次主检人员 | officer who led the last visit
-- last_co_officer_id | id? | 上次协检人员 | second officer of the last visit
with last_visit as (
    select merchant_id, lead_officer_id, co_officer_id
    from core.patrol
    where known_on <= $as_of_date
    qualify row_number() over (partition by merchant_id order by visited_on desc, patrol_id desc) = 1
)
select
    merchant.merchant_id,
    merchant.latitude,
    merchant.longitude,
    last_visit.lead_officer_id as last_lead_officer_id,
    last_visit.co_officer_id as last_co_officer_id
from core.merchant
left join last_visit on last_visit.merchant_id = merchant.merchant_id
where merchant.status <> 'closed'
