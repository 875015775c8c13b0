-- feature.unlicensed_bulletin · 无照经营月通报 · by institution in charge and month: merchants that reached each of the eight stages, and how many of the merchants checked were found without a licence; published as it is, without a row where stages were not delivered
-- grain: as_of, institution_id, month
-- as_of | date | 数据截止日 | night
-- institution_id | id | 机构编号 | institution in charge of the merchants
-- month | month | 月份 | month
-- is_complete | boolean | 月份已结束 | the month has ended
-- patrol_count | count | 巡查户数 | merchants with this stage in the month
-- found_count | count | 发现户数 | merchants found without a licence in the month
-- recorded_count | count | 录入户数 | merchants with this stage in the month
-- disposed_count | count | 处置户数 | merchants with this stage in the month
-- rechecked_count | count | 复查户数 | merchants with this stage in the month
-- copied_count | count | 抄告户数 | merchants with this stage in the month
-- investigated_count | count | 查处户数 | merchants with this stage in the month
-- reported_back_count | count | 反馈户数 | merchants with this stage in the month
-- checked_merchant_count | count | 检查户数 | merchants at which someone was met and checked in the month: the denominator of the share
-- found_checked_count | count | 检查中发现户数 | of these, found without a licence in the same month
-- detection_share | share? | 发现率 | found_checked_count / checked_merchant_count; empty of fewer merchants than policy asks a share to rest on
with told_month as (
    select unnest($told_months, recursive := true)
),

event as (
    select distinct
        merchant.institution_id,
        event.merchant_id,
        event.stage,
        strftime(event.occurred_on, '%Y-%m') as month
    from core.unlicensed_event as event
    inner join core.merchant on merchant.merchant_id = event.merchant_id
    where event.occurred_on >= $told_month_start_on
),

reached as (
    select
        institution_id,
        month,
        count(*) filter (where stage = 'patrol') as patrol_count,
        count(*) filter (where stage = 'found') as found_count,
        count(*) filter (where stage = 'recorded') as recorded_count,
        count(*) filter (where stage = 'disposed') as disposed_count,
        count(*) filter (where stage = 'rechecked') as rechecked_count,
        count(*) filter (where stage = 'copied') as copied_count,
        count(*) filter (where stage = 'investigated') as investigated_count,
        count(*) filter (where stage = 'reported_back') as reported_back_count
    from event
    group by institution_id, month
),

visited as (
    select distinct merchant_id, strftime(visited_on, '%Y-%m') as month
    from core.patrol
    where was_inspected and visited_on >= $told_month_start_on
),

checked as (
    select
        merchant.institution_id,
        visited.month,
        count(*) as checked_merchant_count,
        count(event.merchant_id) as found_checked_count
    from visited
    inner join core.merchant on merchant.merchant_id = visited.merchant_id
    left join event
        on event.merchant_id = visited.merchant_id and event.month = visited.month and event.stage = 'found'
    group by merchant.institution_id, visited.month
),

unit as (
    select distinct institution_id from core.merchant where status <> 'closed'
)

select
    cast($as_of_date as date) as as_of,
    unit.institution_id,
    told_month.month,
    told_month.is_complete,
    coalesce(reached.patrol_count, 0) as patrol_count,
    coalesce(reached.found_count, 0) as found_count,
    coalesce(reached.recorded_count, 0) as recorded_count,
    coalesce(reached.disposed_count, 0) as disposed_count,
    coalesce(reached.rechecked_count, 0) as rechecked_count,
    coalesce(reached.copied_count, 0) as copied_count,
    coalesce(reached.investigated_count, 0) as investigated_count,
    coalesce(reached.reported_back_count, 0) as reported_back_count,
    coalesce(checked.checked_merchant_count, 0) as checked_merchant_count,
    coalesce(checked.found_checked_count, 0) as found_checked_count,
    case
        when checked.checked_merchant_count >= $min_quality_records
            then cast(checked.found_checked_count as double) / checked.checked_merchant_count
    end as detection_share
from unit
cross join told_month
cross join core.delivery
left join reached on reached.institution_id = unit.institution_id and reached.month = told_month.month
left join checked on checked.institution_id = unit.institution_id and checked.month = told_month.month
where delivery.has_unlicensed_event
