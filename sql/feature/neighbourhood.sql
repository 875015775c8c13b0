-- feature.neighbourhood · 周边当夜情况 · complaints and visits with coordinates in the square kilometres around a place, up to a night
-- grain: cell_north, cell_east, half, as_of_on
-- cell_north | count | 纬向方格 | cell of 0.01 degree of latitude
-- cell_east | number | 经向方格 | cell of 0.01 degree of longitude
-- half | enum(a,b) | 半区 | half of the merchants that this helps to describe; what is expected comes from visits to the other half alone
-- as_of_on | date | 数据截止日 | night
-- complaint_count_90 | count | 周边近90天投诉 | complaints in the cell and its eight neighbours in 90 days
-- sanitation_count_90 | count | 周边近90天环境卫生投诉 | of these, about sanitation
-- visit_count_730 | count | 周边近两年检查 | visits there in 730 days at which someone was met and checked
-- expected_severe_730 | rate | 周边近两年预期严重问题次数 | severe visits to be expected among them by what their officers find elsewhere
-- severe_excess_730 | number | 周边近两年严重问题超出数 | severe visits among them beyond that expectation
with home as (
    select
        merchant_id,
        half,
        floor(latitude * 100) + 9000 as cell_north,
        floor(longitude * 100) as cell_east
    from core.merchant
    where latitude is not null and longitude is not null
),

night as (
    select distinct home.cell_north, home.cell_east, home.half, night.as_of_on
    from core.merchant_night as night
    inner join home on home.merchant_id = night.merchant_id
),

step as (
    select unnest([-1, 0, 1]) as value
),

happened as (
    select
        floor(latitude * 100) + 9000 as cell_north,
        floor(longitude * 100) as cell_east,
        half.half,
        received_on as day_on,
        count(*) as complaint_count,
        count(*) filter (where category = 'sanitation') as sanitation_count,
        0 as visit_count,
        0 as expected_severe,
        0 as severe_excess
    from core.complaint
    cross join (values ('a'), ('b')) as half (half)
    where
        kind in ('consumer_complaint', 'violation_report')
        and latitude is not null
        and longitude is not null
    group by 1, 2, 3, 4
    union all
    select
        home.cell_north,
        home.cell_east,
        visit.half,
        visit.known_on as day_on,
        0 as complaint_count,
        0 as sanitation_count,
        count(*) as visit_count,
        sum(cast(visit.expected_severe_share as decimal(18, 6))) as expected_severe,
        sum(cast(visit.severe_excess as decimal(18, 6))) as severe_excess
    from feature.visit_expectation as visit
    inner join home on home.merchant_id = visit.merchant_id
    group by 1, 2, 3, 4
),

line as (
    select
        happened.cell_north + north.value as cell_north,
        happened.cell_east + east.value as cell_east,
        happened.half,
        date_diff('day', date '2000-01-01', happened.day_on) as day_number,
        sum(happened.complaint_count) as complaint_count,
        sum(happened.sanitation_count) as sanitation_count,
        sum(happened.visit_count) as visit_count,
        sum(happened.expected_severe) as expected_severe,
        sum(happened.severe_excess) as severe_excess,
        cast(null as date) as as_of_on
    from happened
    cross join step as north
    cross join step as east
    group by 1, 2, 3, 4
    union all
    select
        cell_north,
        cell_east,
        half,
        date_diff('day', date '2000-01-01', as_of_on) as day_number,
        0 as complaint_count,
        0 as sanitation_count,
        0 as visit_count,
        0 as expected_severe,
        0 as severe_excess,
        as_of_on
    from night
),

summed as (
    select
        cell_north,
        cell_east,
        half,
        as_of_on,
        sum(complaint_count) over recent as complaint_count_90,
        sum(sanitation_count) over recent as sanitation_count_90,
        sum(visit_count) over two_years as visit_count_730,
        sum(expected_severe) over two_years as expected_severe_730,
        sum(severe_excess) over two_years as severe_excess_730
    from line
    window
        recent as (partition by cell_north, cell_east, half order by day_number range between 89 preceding and current row),
        two_years as (partition by cell_north, cell_east, half order by day_number range between 729 preceding and current row)
)

select
    cast(cell_north as bigint) as cell_north,
    cell_east,
    half,
    as_of_on,
    cast(complaint_count_90 as bigint) as complaint_count_90,
    cast(sanitation_count_90 as bigint) as sanitation_count_90,
    cast(visit_count_730 as bigint) as visit_count_730,
    cast(expected_severe_730 as double) as expected_severe_730,
    cast(severe_excess_730 as double) as severe_excess_730
from summed
where as_of_on is not null
