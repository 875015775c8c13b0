-- feature.grid · 网格当夜情况 · visits, severe findings and workload of a grid in the 365 days up to a night
-- grain: grid_id, as_of_on
-- grid_id | id | 网格编号 | grid
-- as_of_on | date | 数据截止日 | night
-- visit_count_365 | count | 近一年检查 | visits in 365 days
-- severe_visit_count_365 | count | 近一年有严重问题的检查 | visits with a severe finding in 365 days
-- complaint_count_365 | count | 近一年投诉举报 | complaints about merchants of the grid in 365 days
-- merchant_count | count | 网格主体数 | merchants in the grid
with home as (
    select merchant_id, grid_id
    from core.merchant
),

happened as (
    select home.grid_id, patrol.known_on as day_on, 1 as visit_count, cast(patrol.is_severe as integer) as severe_count, 0 as complaint_count
    from core.patrol
    inner join home on home.merchant_id = patrol.merchant_id
    where patrol.was_inspected
    union all
    select home.grid_id, complaint.received_on as day_on, 0 as visit_count, 0 as severe_count, 1 as complaint_count
    from core.complaint
    inner join home on home.merchant_id = complaint.merchant_id
    where complaint.kind in ('consumer_complaint', 'violation_report')
),

night as (
    select distinct home.grid_id, night.as_of_on
    from core.merchant_night as night
    inner join home on home.merchant_id = night.merchant_id
),

line as (
    select
        grid_id,
        date_diff('day', date '2000-01-01', day_on) as day_number,
        sum(visit_count) as visit_count,
        sum(severe_count) as severe_count,
        sum(complaint_count) as complaint_count,
        cast(null as date) as as_of_on
    from happened
    group by grid_id, day_on
    union all
    select
        grid_id,
        date_diff('day', date '2000-01-01', as_of_on) as day_number,
        0 as visit_count,
        0 as severe_count,
        0 as complaint_count,
        as_of_on
    from night
),

summed as (
    select
        grid_id,
        as_of_on,
        sum(visit_count) over recent as visit_count_365,
        sum(severe_count) over recent as severe_visit_count_365,
        sum(complaint_count) over recent as complaint_count_365
    from line
    window recent as (partition by grid_id order by day_number range between 364 preceding and current row)
),

size as (
    select night.grid_id, night.as_of_on, count(*) as merchant_count
    from night
    inner join core.merchant
        on merchant.grid_id = night.grid_id
        and merchant.registered_on <= night.as_of_on
        and (merchant.closed_on is null or merchant.closed_on > night.as_of_on)
    group by night.grid_id, night.as_of_on
)

select
    summed.grid_id,
    summed.as_of_on,
    cast(summed.visit_count_365 as bigint) as visit_count_365,
    cast(coalesce(summed.severe_visit_count_365, 0) as bigint) as severe_visit_count_365,
    cast(summed.complaint_count_365 as bigint) as complaint_count_365,
    coalesce(size.merchant_count, 0) as merchant_count
from summed
left join size on size.grid_id = summed.grid_id and size.as_of_on = summed.as_of_on
where summed.as_of_on is not null
