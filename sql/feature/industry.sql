-- feature.industry · 行业当夜情况 · what visits of an industry found beyond expectation in the 730 days up to a night
-- grain: industry_code, half, as_of_on
-- industry_code | id | 行业代码 | industry code
-- half | enum(a,b) | 半区 | half of the merchants that this helps to describe; what is expected comes from visits to the other half alone
-- as_of_on | date | 数据截止日 | night
-- visit_count_730 | count | 近两年检查 | visits in 730 days at which someone was met and checked
-- expected_severe_730 | rate | 近两年预期严重问题次数 | severe visits to be expected among them by what their officers find elsewhere
-- severe_excess_730 | number | 近两年严重问题超出数 | severe visits among them beyond that expectation
-- finding_excess_730 | number | 近两年问题超出和(对数) | findings at them beyond expectation, as a sum of logarithms
with happened as (
    select
        merchant.industry_code,
        visit.half,
        visit.known_on,
        count(*) as visit_count,
        sum(cast(visit.expected_severe_share as decimal(18, 6))) as expected_severe,
        sum(cast(visit.severe_excess as decimal(18, 6))) as severe_excess,
        sum(cast(visit.finding_excess as decimal(18, 6))) as finding_excess
    from feature.visit_expectation as visit
    inner join core.merchant on merchant.merchant_id = visit.merchant_id
    group by merchant.industry_code, visit.half, visit.known_on
),

night as (
    select distinct merchant.industry_code, merchant.half, night.as_of_on
    from core.merchant_night as night
    inner join core.merchant on merchant.merchant_id = night.merchant_id
),

line as (
    select
        industry_code,
        half,
        date_diff('day', date '2000-01-01', known_on) as day_number,
        visit_count,
        expected_severe,
        severe_excess,
        finding_excess,
        cast(null as date) as as_of_on
    from happened
    union all
    select
        industry_code,
        half,
        date_diff('day', date '2000-01-01', as_of_on) as day_number,
        0 as visit_count,
        0 as expected_severe,
        0 as severe_excess,
        0 as finding_excess,
        as_of_on
    from night
),

summed as (
    select
        industry_code,
        half,
        as_of_on,
        sum(visit_count) over recent as visit_count_730,
        sum(expected_severe) over recent as expected_severe_730,
        sum(severe_excess) over recent as severe_excess_730,
        sum(finding_excess) over recent as finding_excess_730
    from line
    window recent as (partition by industry_code, half order by day_number range between 729 preceding and current row)
)

select
    industry_code,
    half,
    as_of_on,
    cast(visit_count_730 as bigint) as visit_count_730,
    cast(expected_severe_730 as double) as expected_severe_730,
    cast(severe_excess_730 as double) as severe_excess_730,
    cast(finding_excess_730 as double) as finding_excess_730
from summed
where as_of_on is not null
