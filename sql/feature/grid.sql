-- feature.grid · 网格当夜情况 · visits, complaints and workload of a grid up to a night, and what its visits found beyond expectation
-- grain: grid_id, half, as_of_on
-- grid_id | id | 网格编号 | grid
-- half | enum(a,b) | 半区 | half of the merchants that this helps to describe; what is expected comes from visits to the other half alone
-- as_of_on | date | 数据截止日 | night
-- visit_count_365 | count | 近一年检查 | visits in 365 days at which someone was met and checked
-- complaint_count_365 | count | 近一年投诉举报 | complaints about merchants of the grid in 365 days
-- visit_count_730 | count | 近两年检查 | visits in 730 days at which someone was met and checked
-- expected_severe_730 | rate | 近两年预期严重问题次数 | severe visits to be expected among them by what their officers find elsewhere
-- severe_excess_730 | number | 近两年严重问题超出数 | severe visits among them beyond that expectation
-- finding_excess_730 | number | 近两年问题超出和(对数) | findings at them beyond expectation, as a sum of logarithms
-- merchant_count | count | 网格主体数 | merchants in the grid
with home as (
    select merchant_id, grid_id, half
    from core.merchant
),

happened as (
    select
        home.grid_id,
        visit.half,
        visit.known_on as day_on,
        1 as visit_count,
        cast(visit.expected_severe_share as decimal(18, 6)) as expected_severe,
        cast(visit.severe_excess as decimal(18, 6)) as severe_excess,
        cast(visit.finding_excess as decimal(18, 6)) as finding_excess,
        0 as complaint_count
    from feature.visit_expectation as visit
    inner join home on home.merchant_id = visit.merchant_id
    union all
    select
        home.grid_id,
        half.half,
        complaint.received_on as day_on,
        0 as visit_count,
        0 as expected_severe,
        0 as severe_excess,
        0 as finding_excess,
        1 as complaint_count
    from core.complaint
    inner join home on home.merchant_id = complaint.merchant_id
    cross join (values ('a'), ('b')) as half (half)
    where complaint.kind in ('consumer_complaint', 'violation_report')
),

night as (
    select distinct home.grid_id, home.half, night.as_of_on
    from core.merchant_night as night
    inner join home on home.merchant_id = night.merchant_id
),

line as (
    select
        grid_id,
        half,
        date_diff('day', date '2000-01-01', day_on) as day_number,
        sum(visit_count) as visit_count,
        sum(expected_severe) as expected_severe,
        sum(severe_excess) as severe_excess,
        sum(finding_excess) as finding_excess,
        sum(complaint_count) as complaint_count,
        cast(null as date) as as_of_on
    from happened
    group by grid_id, half, day_on
    union all
    select
        grid_id,
        half,
        date_diff('day', date '2000-01-01', as_of_on) as day_number,
        0 as visit_count,
        0 as expected_severe,
        0 as severe_excess,
        0 as finding_excess,
        0 as complaint_count,
        as_of_on
    from night
),

summed as (
    select
        grid_id,
        half,
        as_of_on,
        sum(visit_count) over one_year as visit_count_365,
        sum(complaint_count) over one_year as complaint_count_365,
        sum(visit_count) over two_years as visit_count_730,
        sum(expected_severe) over two_years as expected_severe_730,
        sum(severe_excess) over two_years as severe_excess_730,
        sum(finding_excess) over two_years as finding_excess_730
    from line
    window
        one_year as (partition by grid_id, half order by day_number range between 364 preceding and current row),
        two_years as (partition by grid_id, half order by day_number range between 729 preceding and current row)
),

size as (
    select night.grid_id, night.half, night.as_of_on, count(*) as merchant_count
    from night
    inner join core.merchant
        on merchant.grid_id = night.grid_id
        and merchant.registered_on <= night.as_of_on
        and (merchant.closed_on is null or merchant.closed_on > night.as_of_on)
    group by night.grid_id, night.half, night.as_of_on
)

select
    summed.grid_id,
    summed.half,
    summed.as_of_on,
    cast(summed.visit_count_365 as bigint) as visit_count_365,
    cast(summed.complaint_count_365 as bigint) as complaint_count_365,
    cast(summed.visit_count_730 as bigint) as visit_count_730,
    cast(summed.expected_severe_730 as double) as expected_severe_730,
    cast(summed.severe_excess_730 as double) as severe_excess_730,
    cast(summed.finding_excess_730 as double) as finding_excess_730,
    coalesce(size.merchant_count, 0) as merchant_count
from summed
left join size
    on size.grid_id = summed.grid_id and size.half = summed.half and size.as_of_on = summed.as_of_on
where summed.as_of_on is not null
