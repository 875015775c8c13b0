-- feature.unlicensed_register · 无照经营台账 · one row per merchant without a licence, or once without one: how far it is in the eight stages, what is late, what is stuck, and who keeps coming back; published as it is
-- grain: as_of, merchant_id
-- as_of | date | 数据截止日 | night
-- merchant_id | id | 主体编号 | merchant; its name is left out, since without a firm name it may be a person's
-- institution_id | id | 机构编号 | institution in charge
-- grid_id | id | 网格编号 | grid that it lies in
-- industry_code | id | 行业代码 | industry code (GB/T 4754) of what it does
-- opened_on | date | 开业日期 | day from which it is on record
-- found_on | date? | 首次发现日期 | first day on which it was found without a licence; where no such stage is on record, the day of its first stage
-- disposal | text? | 处置情况 | last disposal on record
-- stage | enum(patrol,found,recorded,disposed,rechecked,copied,investigated,reported_back)? | 当前环节 | stage reached last; empty where none is on record
-- stage_since_on | date? | 进入环节日期 | day on which it entered that stage
-- days_in_stage | days? | 环节已历天数 | days since then; empty once it is closed
-- stage_due_on | date? | 环节期限 | day by which policy asks for the next stage; empty of the last stage and once it is closed
-- is_late | boolean? | 环节超期 | that day has passed; empty where no stage is on record
-- is_stuck | boolean? | 环节停滞 | it has been in that stage for longer than policy allows for any; empty where no stage is on record
-- found_again_count | count? | 处置后再次发现次数 | times it was found again after its first disposal; empty where stages were not delivered
-- is_repeat_refuser | boolean? | 屡次不改 | that is as often as policy names, or more
-- officer_id | id? | 责任人 | officer who acted last in its stages, else who answers for its grid
-- officer_is_of | enum(stage,grid)? | 责任人依据 | which of the two
-- is_closed | boolean | 已办结 | reported back, licensed since, or closed
-- closed_by | enum(reported_back,licensed,closed)? | 办结方式 | which of these
with rule as (
    select unnest($unlicensed_stage_rules, recursive := true)
),

event as (
    select
        event.*,
        rule.stage_days,
        row_number() over (
            partition by event.merchant_id order by event.occurred_at, rule.stage_order
        ) as event_number,
        min(case when event.stage = 'disposed' then event.occurred_at end) over (
            partition by event.merchant_id
        ) as first_disposed_at
    from core.unlicensed_event as event
    inner join rule on rule.stage = event.stage
),

latest as (
    select merchant_id, stage, stage_days
    from event
    qualify row_number() over (partition by merchant_id order by event_number desc) = 1
),

-- a stage is entered with the first of its events after the last of any other stage
course as (
    select
        event.*,
        latest.stage as last_stage,
        latest.stage_days as last_stage_days,
        max(case when event.stage <> latest.stage then event.event_number else 0 end) over (
            partition by event.merchant_id
        ) as other_number
    from event
    inner join latest on latest.merchant_id = event.merchant_id
),

reached as (
    select
        merchant_id,
        any_value(last_stage) as stage,
        any_value(last_stage_days) as stage_days,
        min(occurred_on) filter (where event_number > other_number) as stage_since_on,
        coalesce(min(occurred_on) filter (where stage = 'found'), min(occurred_on)) as found_on,
        arg_max(disposal, event_number) filter (where disposal is not null) as disposal,
        arg_max(officer_id, event_number) filter (where officer_id is not null) as officer_id,
        count(*) filter (where stage = 'found' and occurred_at > first_disposed_at) as found_again_count
    from course
    group by merchant_id
),

listed as (
    select
        merchant.*,
        reached.stage,
        reached.stage_days,
        reached.stage_since_on,
        reached.found_on,
        reached.disposal,
        case when delivery.has_unlicensed_event then coalesce(reached.found_again_count, 0) end as found_again_count,
        coalesce(reached.officer_id, grid_officer.officer_id) as officer_id,
        case
            when reached.officer_id is not null then 'stage'
            when grid_officer.officer_id is not null then 'grid'
        end as officer_is_of,
        case
            when merchant.status = 'closed' then 'closed'
            when merchant.kind <> 'unlicensed' and merchant.status <> 'unlicensed' then 'licensed'
            when reached.stage = 'reported_back' then 'reported_back'
        end as closed_by
    from core.merchant
    cross join core.delivery
    left join reached on reached.merchant_id = merchant.merchant_id
    left join feature.grid_officer on grid_officer.grid_id = merchant.grid_id
    where merchant.kind = 'unlicensed' or merchant.status = 'unlicensed' or reached.merchant_id is not null
),

dated as (
    select
        *,
        case when closed_by is null then cast(stage_since_on + cast(stage_days as integer) as date) end as stage_due_on,
        case when closed_by is null then date_diff('day', stage_since_on, cast($as_of_date as date)) end as days_in_stage
    from listed
)

select
    cast($as_of_date as date) as as_of,
    merchant_id,
    institution_id,
    grid_id,
    industry_code,
    registered_on as opened_on,
    found_on,
    disposal,
    stage,
    stage_since_on,
    days_in_stage,
    stage_due_on,
    case when stage is not null then coalesce(stage_due_on < $as_of_date, false) end as is_late,
    case when stage is not null then coalesce(days_in_stage > $unlicensed_stuck_days, false) end as is_stuck,
    found_again_count,
    found_again_count >= $unlicensed_repeat_count as is_repeat_refuser,
    officer_id,
    officer_is_of,
    closed_by is not null as is_closed,
    closed_by
from dated
