-- feature.officer_posting · 任职段 · every posting in the tenure it belongs to, by clock, short gaps merged
-- grain: posting_id, clock
-- posting_id | id | 任职编号 | posting
-- officer_id | id | 人员编号 | officer
-- clock | enum(post,station,grid,area) | 计时口径 | the same post anywhere (a leading one: at the same station), the same station in any post, the same grid, or a leading post anywhere in the same area: below the same institution
-- clock_key | id | 计时对象 | the post (of a leading one with the institution), the institution (one that was renamed or merged under the name that carries it on), the grid, or the institution above
-- tenure_began_on | date | 起算日期 | first day of the tenure
-- post | id | 岗位 | post
-- institution_id | id | 机构编号 | institution
-- unit_id | id | 现名机构 | institution under its last name
-- grid_id | id? | 网格编号 | grid of the posting
-- started_on | date | 任职开始 | posting began on
-- ended_on | date? | 任职结束 | posting ended on, empty while it lasts
-- reached_on | date? | 此前已至 | latest end of the earlier postings of the same clock (9999-12-31 while one lasts)
-- extension_ref | text? | 延期批准文号 | approval that extended the posting
with place as (
    select
        posting.posting_id,
        posting.officer_id,
        posting.post,
        posting.institution_id,
        posting.grid_id,
        coalesce(second_unit.successor_id, first_unit.successor_id, posting.institution_id) as unit_id,
        coalesce(
            officer_merger.successor_id, second_unit.successor_id, first_unit.successor_id, posting.institution_id
        ) as carried_id,
        posting.started_on,
        posting.ended_on,
        coalesce(posting.ended_on, date '9999-12-31') as until_on,
        posting.extension_ref
    from core.posting
    left join feature.officer_unit as first_unit on first_unit.institution_id = posting.institution_id
    left join feature.officer_unit as second_unit on second_unit.institution_id = first_unit.successor_id
    left join feature.officer_merger
        on officer_merger.unit_id = coalesce(second_unit.successor_id, first_unit.successor_id, posting.institution_id)
),
clocked as (
    -- to lead another station is a rotation, to patrol in another one is not
    select
        'post' as clock,
        case when list_contains($leading_posts, post) then concat(post, ' ', carried_id) else post end as clock_key,
        place.*
    from place
    union all
    select 'station' as clock, carried_id as clock_key, place.* from place
    union all
    select 'grid' as clock, grid_id as clock_key, place.* from place where grid_id is not null
    union all
    select 'area' as clock, institution.parent_id as clock_key, place.*
    from place
    inner join core.institution on institution.institution_id = place.unit_id
    where institution.parent_id is not null and list_contains($leading_posts, place.post)
),
reach as (
    select
        *,
        max(until_on) over (
            partition by officer_id, clock, clock_key
            order by started_on, posting_id
            rows between unbounded preceding and 1 preceding
        ) as reached_on
    from clocked
),
island as (
    select
        *,
        sum(
            case when reached_on is not null and date_diff('day', reached_on, started_on) - 1 < $merge_gap_days then 0 else 1 end
        ) over (
            partition by officer_id, clock, clock_key
            order by started_on, posting_id
            rows between unbounded preceding and current row
        ) as island_number
    from reach
)
select
    posting_id,
    officer_id,
    clock,
    clock_key,
    min(started_on) over (partition by officer_id, clock, clock_key, island_number) as tenure_began_on,
    post,
    institution_id,
    unit_id,
    grid_id,
    started_on,
    ended_on,
    reached_on,
    extension_ref
from island
