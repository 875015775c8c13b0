-- feature.officer_post · 人员岗位 · the post that an officer held on each night, and the days he served
-- grain: officer_id, as_of_on
-- officer_id | id | 人员编号 | officer
-- as_of_on | date | 数据截止日 | night
-- post | id | 岗位 | post held
-- institution_id | id | 机构编号 | institution of the post
-- unit_id | id | 现名机构 | institution under its last name
-- grid_id | id? | 网格编号 | grid of the post
-- station_kind | id | 同类机构 | peer kind of the institution
-- is_hot_post | boolean | 热点岗位 | the post is a hot post of the policy
-- station_officer_count | count | 本机构人数 | officers who held a post at the institution, by whatever name, on that night
-- service_day_count_12m | days | 近12个月在岗天数 | days with a posting in the 12 months up to the night
-- service_day_count_24m | days | 近24个月在岗天数 | days with a posting in the 24 months up to the night
with reach as (
    select
        officer_id,
        started_on,
        coalesce(ended_on, date '9999-12-31') as until_on,
        max(coalesce(ended_on, date '9999-12-31')) over (
            partition by officer_id
            order by started_on, posting_id
            rows between unbounded preceding and 1 preceding
        ) as reached_on
    from core.posting
),
-- each day is served once, however many postings cover it
segment as (
    select
        officer_id,
        case
            when reached_on >= date '9999-12-31' then date '9999-12-31'
            when reached_on >= started_on then cast(reached_on + interval 1 day as date)
            else started_on
        end as from_on,
        until_on
    from reach
),
served as (
    select
        officer_night.officer_id,
        officer_night.as_of_on,
        sum(
            greatest(0, 1 + date_diff(
                'day',
                greatest(segment.from_on, cast(officer_night.as_of_on - interval 364 day as date)),
                least(segment.until_on, officer_night.as_of_on)
            ))
        ) as service_day_count_12m,
        sum(
            greatest(0, 1 + date_diff(
                'day',
                greatest(segment.from_on, cast(officer_night.as_of_on - interval 729 day as date)),
                least(segment.until_on, officer_night.as_of_on)
            ))
        ) as service_day_count_24m
    from core.officer_night
    inner join segment
        on segment.officer_id = officer_night.officer_id
        and segment.from_on <= officer_night.as_of_on
        and segment.until_on >= cast(officer_night.as_of_on - interval 729 day as date)
    group by officer_night.officer_id, officer_night.as_of_on
),
held as (
    select
        officer_night.officer_id,
        officer_night.as_of_on,
        posting.post,
        posting.institution_id,
        posting.grid_id
    from core.officer_night
    inner join core.posting
        on posting.officer_id = officer_night.officer_id
        and posting.started_on <= officer_night.as_of_on
        and (posting.ended_on is null or posting.ended_on >= officer_night.as_of_on)
    qualify row_number() over (
        partition by officer_night.officer_id, officer_night.as_of_on
        order by posting.started_on desc, posting.posting_id desc
    ) = 1
)
select
    held.officer_id,
    held.as_of_on,
    held.post,
    held.institution_id,
    coalesce(second_unit.successor_id, first_unit.successor_id, held.institution_id) as unit_id,
    held.grid_id,
    coalesce(institution.station_kind, 'station') as station_kind,
    held.post in (select unnest(cast($hot_posts as varchar[]))) as is_hot_post,
    count(*) over (
        partition by coalesce(second_unit.successor_id, first_unit.successor_id, held.institution_id), held.as_of_on
    ) as station_officer_count,
    cast(served.service_day_count_12m as bigint) as service_day_count_12m,
    cast(served.service_day_count_24m as bigint) as service_day_count_24m
from held
inner join served on served.officer_id = held.officer_id and served.as_of_on = held.as_of_on
left join core.institution on institution.institution_id = held.institution_id
left join feature.officer_unit as first_unit on first_unit.institution_id = held.institution_id
left join feature.officer_unit as second_unit on second_unit.institution_id = first_unit.successor_id
