-- feature.bureau · 全局当夜情况 · visits and severe findings of the whole bureau in the 365 days up to a night
-- grain: as_of_on
-- as_of_on | date | 数据截止日 | night
-- visit_count_365 | count | 近一年检查 | visits in 365 days
-- severe_visit_count_365 | count | 近一年有严重问题的检查 | visits with a severe finding in 365 days
-- severe_visit_share_365 | share? | 近一年严重问题占比 | share of these visits with a severe finding
with night as (
    select distinct as_of_on
    from core.merchant_night
),

line as (
    select
        date_diff('day', date '2000-01-01', known_on) as day_number,
        count(*) as visit_count,
        count(*) filter (where is_severe) as severe_count,
        cast(null as date) as as_of_on
    from core.patrol
    where was_inspected
    group by known_on
    union all
    select
        date_diff('day', date '2000-01-01', as_of_on) as day_number,
        0 as visit_count,
        0 as severe_count,
        as_of_on
    from night
),

summed as (
    select
        as_of_on,
        cast(sum(visit_count) over recent as bigint) as visit_count_365,
        cast(sum(severe_count) over recent as bigint) as severe_visit_count_365
    from line
    window recent as (order by day_number range between 364 preceding and current row)
)

select
    as_of_on,
    visit_count_365,
    severe_visit_count_365,
    severe_visit_count_365 / nullif(visit_count_365, 0) as severe_visit_share_365
from summed
where as_of_on is not null
