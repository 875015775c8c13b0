-- feature.officer_grid · 人员网格巡查与反映 · what an officer did and was told of in each grid in the 12 months up to tonight
-- grain: officer_id, grid_id
-- officer_id | id | 人员编号 | officer
-- grid_id | id | 网格编号 | grid
-- visit_count_12m | count | 近12个月巡查次数 | visits led or joined there
-- complainant_count_12m | count | 近12个月反映人数 | distinct complainants about his service or handling at merchants of the grid, duplicates out
with visit as (
    select lead_officer_id as officer_id, grid_id from core.patrol
    where grid_id is not null and visited_on > $window_start_on
    union all
    select co_officer_id as officer_id, grid_id from core.patrol
    where
        grid_id is not null and visited_on > $window_start_on
        and co_officer_id is not null and co_officer_id <> lead_officer_id
),
visited as (
    select officer_id, grid_id, count(*) as visit_count
    from visit
    group by officer_id, grid_id
),
complained as (
    select
        officer_complaint.officer_id,
        merchant.grid_id,
        count(distinct officer_complaint.complainant_key) as complainant_count
    from feature.officer_complaint
    inner join core.merchant on merchant.merchant_id = officer_complaint.merchant_id
    where
        officer_complaint.is_public
        and not officer_complaint.is_duplicate
        and coalesce(officer_complaint.outcome, '') <> 'duplicate'
        and officer_complaint.received_on > $window_start_on
    group by officer_complaint.officer_id, merchant.grid_id
)
select
    coalesce(visited.officer_id, complained.officer_id) as officer_id,
    coalesce(visited.grid_id, complained.grid_id) as grid_id,
    coalesce(visited.visit_count, 0) as visit_count_12m,
    coalesce(complained.complainant_count, 0) as complainant_count_12m
from visited
full outer join complained on complained.officer_id = visited.officer_id and complained.grid_id = visited.grid_id
