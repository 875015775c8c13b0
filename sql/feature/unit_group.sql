-- feature.unit_group · 单位归并 · in which row each unit is told each quarter: its own, or with too few officers that of the institution above it, together with all small units there
-- grain: unit_id, quarter_start_on
-- unit_id | id | 现名机构 | institution under its last name
-- quarter_start_on | date | 季度起 | first day of the quarter
-- quarter_end_on | date | 季度止 | last day of the quarter, which may lie ahead
-- is_complete | boolean | 季度已结束 | the quarter has ended
-- officer_count | count | 任职人数 | officers who held a post there on at least one day of the quarter, up to the night
-- institution_id | id? | 公布机构 | institution in whose row it is told; empty for a small unit with none above it
-- scope | enum(own,small_units) | 口径 | a row of its own, or one with the other small units of the institution above it
with quarter as (
    select unnest($unit_quarters, recursive := true)
),

unit as (
    select directory.institution_id as unit_id, parent.unit_id as parent_unit_id
    from feature.institution_directory as directory
    left join feature.institution_directory as parent on parent.institution_id = directory.parent_id
    where directory.unit_id = directory.institution_id
),

posted as (
    select posting.unit_id, quarter.quarter_start_on, count(distinct posting.officer_id) as officer_count
    from quarter
    inner join feature.officer_posting as posting
        on posting.clock = 'post'
        and posting.started_on <= quarter.quarter_end_on
        and (posting.ended_on is null or posting.ended_on >= quarter.quarter_start_on)
    inner join core.officer
        on officer.officer_id = posting.officer_id
        and (officer.left_on is null or officer.left_on > quarter.quarter_start_on)
    group by posting.unit_id, quarter.quarter_start_on
)

select
    unit.unit_id,
    quarter.quarter_start_on,
    quarter.quarter_end_on,
    quarter.is_complete,
    coalesce(posted.officer_count, 0) as officer_count,
    case when posted.officer_count >= $min_unit_officers then unit.unit_id else unit.parent_unit_id end as institution_id,
    case when posted.officer_count >= $min_unit_officers then 'own' else 'small_units' end as scope
from unit
cross join quarter
left join posted on posted.unit_id = unit.unit_id and posted.quarter_start_on = quarter.quarter_start_on
