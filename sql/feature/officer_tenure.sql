-- feature.officer_tenure · 任职年限 · how long an officer had held his post and stayed at his station, in his grid and area on each night, short gaps merged
-- grain: officer_id, as_of_on, clock
-- officer_id | id | 人员编号 | officer
-- as_of_on | date | 数据截止日 | night
-- clock | enum(post,station,grid,area) | 计时口径 | the same post anywhere (a leading one: at the same station), the same station in any post, the same grid, or a leading post anywhere in the same area
-- clock_key | id | 计时对象 | the post (of a leading one with the institution), the institution (a renamed one under its last name), the grid, or the institution above
-- post | id | 岗位 | post held
-- institution_id | id | 机构编号 | institution of the post
-- grid_id | id? | 网格编号 | grid of the posting
-- is_hot_post | boolean | 热点岗位 | the post is a hot post of the policy
-- began_on | date | 起算日期 | first day of the tenure, gaps shorter than the policy's merged
-- merged_years | years | 任职年限 | calendar years since began_on, gaps merged; five full calendar years are 5
-- served_years | years | 实际在岗年限 | years with a posting, without the gaps
-- gap_days | days | 间断天数 | days of merged gaps
-- posting_count | count | 任职段数 | postings in the tenure
-- institution_count | count | 涉及机构数 | institutions in the tenure, a renamed one counted once
-- has_rename | boolean | 机构曾更名 | an institution of the tenure was only renamed
-- has_extension | boolean | 有延期批准 | the current posting carries an approval of extension; it was given for the post, never for the station
-- extension_ref | text? | 延期批准文号 | approval of extension that excuses this clock
-- station_officer_count | count | 本机构人数 | officers at the institution on that night
-- key_merchant_count | count? | 全程负责的重点主体数 | of the grid clock: key-industry merchants of the grid, open that night, that were registered before the tenure began
with spell as (
    select *, coalesce(ended_on, date '9999-12-31') as until_on
    from feature.officer_posting
),
tenure as (
    select
        officer_night.officer_id,
        officer_night.as_of_on,
        spell.clock,
        spell.clock_key,
        spell.tenure_began_on as began_on,
        sum(
            case
                when spell.reached_on is null or spell.reached_on < spell.started_on
                    then 1 + date_diff('day', spell.started_on, least(spell.until_on, officer_night.as_of_on))
                else greatest(
                    0,
                    date_diff(
                        'day',
                        least(spell.reached_on, officer_night.as_of_on),
                        least(spell.until_on, officer_night.as_of_on)
                    )
                )
            end
        ) as served_days,
        count(*) as posting_count,
        count(distinct spell.unit_id) as institution_count,
        count(distinct spell.institution_id) > count(distinct spell.unit_id) as has_rename
    from core.officer_night
    inner join spell
        on spell.officer_id = officer_night.officer_id
        and spell.started_on <= officer_night.as_of_on
    group by
        officer_night.officer_id, officer_night.as_of_on, spell.clock, spell.clock_key, spell.tenure_began_on
    having max(least(spell.until_on, officer_night.as_of_on)) = officer_night.as_of_on
),
-- what he holds on the night names the tenure; a hot post comes first where he holds several
current_post as (
    select
        officer_night.officer_id,
        officer_night.as_of_on,
        spell.clock,
        spell.clock_key,
        spell.post,
        spell.institution_id,
        spell.grid_id,
        case when spell.clock = 'post' then spell.extension_ref end as extension_ref,
        spell.post in (select unnest(cast($hot_posts as varchar[]))) as is_hot_post
    from core.officer_night
    inner join spell
        on spell.officer_id = officer_night.officer_id
        and spell.started_on <= officer_night.as_of_on
        and spell.until_on >= officer_night.as_of_on
    qualify row_number() over (
        partition by officer_night.officer_id, officer_night.as_of_on, spell.clock, spell.clock_key
        order by spell.started_on desc, spell.posting_id desc
    ) = 1
),
-- by the calendar and not by days, so that an anniversary is a whole year; both the first and the last day count
dated as (
    select
        *,
        1 + date_diff('day', began_on, as_of_on) as merged_days,
        (
            12 * (year(as_of_on + interval 1 day) - year(began_on))
            + month(as_of_on + interval 1 day) - month(began_on)
            + (day(as_of_on + interval 1 day) - day(began_on)) / 31.0
        ) / 12.0 as merged_years
    from tenure
),
-- the grid-merchant clock: whom he has been in charge of all the time
held as (
    select tenure.officer_id, tenure.as_of_on, tenure.clock_key, count(*) as key_merchant_count
    from tenure
    inner join core.merchant
        on merchant.grid_id = tenure.clock_key
        and merchant.is_key_industry
        and merchant.registered_on <= tenure.began_on
        and (merchant.closed_on is null or merchant.closed_on > tenure.as_of_on)
    where tenure.clock = 'grid'
    group by tenure.officer_id, tenure.as_of_on, tenure.clock_key
)
select
    tenure.officer_id,
    tenure.as_of_on,
    tenure.clock,
    tenure.clock_key,
    current_post.post,
    current_post.institution_id,
    current_post.grid_id,
    current_post.is_hot_post,
    tenure.began_on,
    cast(tenure.merged_years as double) as merged_years,
    cast(tenure.merged_years * least(1.0, tenure.served_days / tenure.merged_days) as double) as served_years,
    cast(tenure.merged_days - tenure.served_days as bigint) as gap_days,
    tenure.posting_count,
    tenure.institution_count,
    tenure.has_rename,
    current_post.extension_ref is not null as has_extension,
    current_post.extension_ref,
    officer_post.station_officer_count,
    case when tenure.clock = 'grid' then coalesce(held.key_merchant_count, 0) end as key_merchant_count
from dated as tenure
inner join current_post
    on current_post.officer_id = tenure.officer_id
    and current_post.as_of_on = tenure.as_of_on
    and current_post.clock = tenure.clock
    and current_post.clock_key = tenure.clock_key
inner join feature.officer_post
    on officer_post.officer_id = tenure.officer_id
    and officer_post.as_of_on = tenure.as_of_on
left join held
    on held.officer_id = tenure.officer_id
    and held.as_of_on = tenure.as_of_on
    and held.clock_key = tenure.clock_key
    and tenure.clock = 'grid'
qualify row_number() over (
    partition by tenure.officer_id, tenure.as_of_on, tenure.clock
    order by
        case when current_post.is_hot_post then 0 else 1 end,
        tenure.began_on,
        current_post.post,
        current_post.institution_id
) = 1
