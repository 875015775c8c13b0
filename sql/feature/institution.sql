-- feature.institution · 机构当夜负荷 · merchants and officers of an institution on a night
-- grain: institution_id, as_of_on
-- institution_id | id | 机构编号 | institution
-- as_of_on | date | 数据截止日 | night
-- merchant_count | count | 机构主体数 | merchants in its charge
-- officer_count | count | 在岗人员 | officers posted there
-- merchant_per_officer | rate? | 人均监管主体 | merchants per officer posted there
with night as (
    select distinct as_of_on
    from core.merchant_night
),

merchant as (
    select merchant.institution_id, night.as_of_on, count(*) as merchant_count
    from core.merchant
    inner join night
        on merchant.registered_on <= night.as_of_on
        and (merchant.closed_on is null or merchant.closed_on > night.as_of_on)
    group by merchant.institution_id, night.as_of_on
),

officer as (
    select posting.institution_id, night.as_of_on, count(distinct posting.officer_id) as officer_count
    from core.posting
    inner join night
        on posting.started_on <= night.as_of_on and (posting.ended_on is null or posting.ended_on > night.as_of_on)
    group by posting.institution_id, night.as_of_on
)

select
    merchant.institution_id,
    merchant.as_of_on,
    merchant.merchant_count,
    coalesce(officer.officer_count, 0) as officer_count,
    merchant.merchant_count / nullif(officer.officer_count, 0) as merchant_per_officer
from merchant
left join officer on officer.institution_id = merchant.institution_id and officer.as_of_on = merchant.as_of_on
