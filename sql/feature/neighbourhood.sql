-- feature.neighbourhood · 周边当夜情况 · complaints with coordinates in the square kilometres around a place, up to a night
-- grain: cell_north, cell_east, as_of_on
-- cell_north | count | 纬向方格 | cell of 0.01 degree of latitude
-- cell_east | number | 经向方格 | cell of 0.01 degree of longitude
-- as_of_on | date | 数据截止日 | night
-- complaint_count_90 | count | 周边近90天投诉 | complaints in the cell and its eight neighbours in 90 days
-- sanitation_count_90 | count | 周边近90天环境卫生投诉 | of these, about sanitation
with home as (
    select
        merchant_id,
        floor(latitude * 100) + 9000 as cell_north,
        floor(longitude * 100) as cell_east
    from core.merchant
    where latitude is not null and longitude is not null
),

night as (
    select distinct home.cell_north, home.cell_east, night.as_of_on
    from core.merchant_night as night
    inner join home on home.merchant_id = night.merchant_id
),

step as (
    select unnest([-1, 0, 1]) as value
),

happened as (
    select
        floor(complaint.latitude * 100) + 9000 + north.value as cell_north,
        floor(complaint.longitude * 100) + east.value as cell_east,
        date_diff('day', date '2000-01-01', complaint.received_on) as day_number,
        count(*) as complaint_count,
        count(*) filter (where complaint.category = 'sanitation') as sanitation_count
    from core.complaint
    cross join step as north
    cross join step as east
    where
        complaint.kind in ('consumer_complaint', 'violation_report')
        and complaint.latitude is not null
        and complaint.longitude is not null
    group by 1, 2, 3
),

line as (
    select cell_north, cell_east, day_number, complaint_count, sanitation_count, cast(null as date) as as_of_on
    from happened
    union all
    select
        cell_north,
        cell_east,
        date_diff('day', date '2000-01-01', as_of_on) as day_number,
        0 as complaint_count,
        0 as sanitation_count,
        as_of_on
    from night
),

summed as (
    select
        cell_north,
        cell_east,
        as_of_on,
        sum(complaint_count) over recent as complaint_count_90,
        sum(sanitation_count) over recent as sanitation_count_90
    from line
    window recent as (
        partition by cell_north, cell_east order by day_number range between 89 preceding and current row
    )
)

select
    cast(cell_north as bigint) as cell_north,
    cell_east,
    as_of_on,
    cast(complaint_count_90 as bigint) as complaint_count_90,
    cast(sanitation_count_90 as bigint) as sanitation_count_90
from summed
where as_of_on is not null
