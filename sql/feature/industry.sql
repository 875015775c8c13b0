-- feature.industry · 行业当夜情况 · visits and severe findings of an industry in the 365 days up to a night
-- grain: industry_code, as_of_on
-- industry_code | id | 行业代码 | industry code
-- as_of_on | date | 数据截止日 | night
-- visit_count_365 | count | 近一年检查 | visits in 365 days
-- severe_visit_count_365 | count | 近一年有严重问题的检查 | visits with a severe finding in 365 days
with happened as (
    select merchant.industry_code, patrol.known_on as day_on, count(*) as visit_count, count(*) filter (where patrol.is_severe) as severe_count
    from core.patrol
    inner join core.merchant on merchant.merchant_id = patrol.merchant_id
    where patrol.was_inspected
    group by merchant.industry_code, patrol.known_on
),

night as (
    select distinct merchant.industry_code, night.as_of_on
    from core.merchant_night as night
    inner join core.merchant on merchant.merchant_id = night.merchant_id
),

line as (
    select industry_code, date_diff('day', date '2000-01-01', day_on) as day_number, visit_count, severe_count, cast(null as date) as as_of_on
    from happened
    union all
    select industry_code, date_diff('day', date '2000-01-01', as_of_on) as day_number, 0 as visit_count, 0 as severe_count, as_of_on
    from night
),

summed as (
    select
        industry_code,
        as_of_on,
        sum(visit_count) over recent as visit_count_365,
        sum(severe_count) over recent as severe_visit_count_365
    from line
    window recent as (partition by industry_code order by day_number range between 364 preceding and current row)
)

select
    industry_code,
    as_of_on,
    cast(visit_count_365 as bigint) as visit_count_365,
    cast(severe_visit_count_365 as bigint) as severe_visit_count_365
from summed
where as_of_on is not null
