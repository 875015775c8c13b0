-- feature.officer_month · 人员月度工作 · what an officer did in a month and how well, as a work statistic: no fine is in it, and nobody is ranked by it; published as it is
-- grain: as_of, officer_id, period
-- as_of | date | 数据截止日 | night
-- officer_id | id | 人员编号 | officer
-- period | id | 期间 | month as YYYY-MM; last_12_months for all of them together, on which most shares can rest
-- is_complete | boolean | 期间已结束 | the period has ended
-- institution_id | id? | 机构编号 | institution of the post that he held last in the period; empty where he held none
-- service_day_count | days | 在岗天数 | days with a posting in the month, up to the night: what his counts are to be held against
-- leave_day_count | days? | 休假培训天数 | of these, days of leave or training; empty where leave was not delivered
-- led_visit_count | count | 主检次数 | visits led
-- assisted_visit_count | count? | 协检次数 | visits joined; empty where the second officer was not delivered
-- visit_day_count | count | 检查天数 | days with a visit led or joined
-- merchant_count | count | 检查户数 | merchants met and checked on these visits
-- finding_count | count | 发现问题数 | findings of the visits led
-- entered_visit_count | count? | 有录入日期的检查 | visits led whose record says when it was entered; empty where that was not delivered
-- same_day_share | share? | 当日录入率 | of these, entered the same day
-- filed_visit_count | count? | 应报备检查数 | visits led, for each of which an approval beforehand is asked for; empty where no filings of visits were delivered
-- approved_before_share | share? | 事前报备获批率 | of these, with a filing that came before the visit and was neither rejected nor missing
-- ended_order_count | count | 到期责令改正数 | orders to correct of visits led, whose term and the days for a recheck ended in the period
-- recheck_share | share? | 按期复查率 | of these, rechecked by anybody by then
-- resolved_matter_count | count? | 办结事项数 | matters he handles that were resolved in the twelve months; empty of single months, of one to four, and where handler or outcome was not delivered
-- ended_matter_count | count? | 到期事项数 | matters he handles that fell due in the twelve months; empty likewise
-- matter_in_time_share | share? | 事项按期办结率 | of the latter, resolved by then
-- case_count | count | 立案数 | cases filed that he leads
-- ended_case_count | count? | 到期案件数 | cases that he leads whose term to decide, with what the head may add, ended in the period; empty where no day of an outcome was delivered
-- case_in_time_share | share? | 案件按期办结率 | of these, decided or closed by then
-- reviewed_case_count | count? | 法制审核案件数 | cases that he leads that legal review dealt with in the period; empty where its result was not delivered
-- returned_share | share? | 审核退回率 | of these, with which the review did not agree; higher is worse
-- reason_zh | text? | 空缺原因 | why shares or counts of the row are empty though their records were delivered, in Chinese
-- reason_en | text? | 空缺原因英文 | the same in English
with told_month as (
    select unnest($told_months, recursive := true)
),

calendar as (
    select month, cast(unnest(generate_series(month_start_on, least(month_end_on, $as_of_date), interval 1 day)) as date) as day_on
    from told_month
),

served as (
    select distinct posting.officer_id, calendar.month, calendar.day_on
    from core.posting
    inner join core.officer on officer.officer_id = posting.officer_id
    inner join calendar
        on calendar.day_on >= posting.started_on
        and calendar.day_on <= coalesce(posting.ended_on, $as_of_date)
        and calendar.day_on < coalesce(officer.left_on, date '9999-12-31')
),

on_leave as (
    select distinct served.officer_id, served.day_on
    from served
    inner join core.leave
        on leave.officer_id = served.officer_id and served.day_on between leave.from_on and leave.to_on
),

service as (
    select
        served.officer_id,
        served.month,
        count(*) as service_day_count,
        count(on_leave.day_on) as leave_day_count
    from served
    left join on_leave on on_leave.officer_id = served.officer_id and on_leave.day_on = served.day_on
    group by served.officer_id, served.month
),

held as (
    select posting.officer_id, told_month.month, posting.institution_id
    from core.posting
    inner join told_month
        on posting.started_on <= told_month.month_end_on
        and coalesce(posting.ended_on, $as_of_date) >= told_month.month_start_on
    qualify row_number() over (
        partition by posting.officer_id, told_month.month
        order by posting.started_on desc, posting.posting_id desc
    ) = 1
),

visit as (
    select
        patrol.*,
        strftime(patrol.visited_on, '%Y-%m') as month
    from core.patrol
    where patrol.visited_on >= $told_month_start_on
),

-- who is at a visit twice is there once
seen as (
    select lead_officer_id as officer_id, month, true as is_led, visited_on, merchant_id, was_inspected
    from visit
    union all
    select co_officer_id as officer_id, month, false as is_led, visited_on, merchant_id, was_inspected
    from visit
    where co_officer_id is not null and co_officer_id <> lead_officer_id
),

went as (
    select
        officer_id,
        month,
        count(*) filter (where is_led) as led_visit_count,
        count(*) filter (where not is_led) as assisted_visit_count,
        count(distinct visited_on) as visit_day_count,
        count(distinct merchant_id) filter (where was_inspected) as merchant_count
    from seen
    group by officer_id, month
),

filed as (
    select filed_visit.patrol_id, min(filed_visit.filed_at) as filed_at
    from feature.filed_visit
    where filed_visit.is_accepted
    group by filed_visit.patrol_id
),

led as (
    select
        visit.lead_officer_id as officer_id,
        visit.month,
        sum(case when visit.was_inspected then visit.finding_count else 0 end) as finding_count,
        count(visit.entered_on) as entered_visit_count,
        count(*) filter (where visit.entered_on = visit.visited_on) as same_day_count,
        -- of a source that gives days without a time, a filing of the same day came before
        count(*) filter (
            where
                filed.filed_at <= visit.started_at
                or (cast(visit.started_at as time) = time '00:00:00' and cast(filed.filed_at as date) <= visit.visited_on)
        ) as approved_before_count
    from visit
    left join filed on filed.patrol_id = visit.patrol_id
    group by visit.lead_officer_id, visit.month
),

-- who was met there on a later day has been rechecked; looked for from the first order whose term ends in the months told
met as (
    select
        lead_officer_id as officer_id,
        result,
        visited_on,
        cast(visited_on + cast($recheck_days as integer) as date) as term_on,
        min(visited_on) over (
            partition by merchant_id
            order by visited_on range between interval 1 day following and unbounded following
        ) as next_on
    from core.patrol
    where was_inspected and visited_on >= cast($told_month_start_on as date) - cast($recheck_days as integer)
),

ordered as (
    select
        officer_id,
        strftime(term_on, '%Y-%m') as month,
        count(*) as ended_order_count,
        count(*) filter (where next_on <= term_on) as rechecked_count
    from met
    where result = 'order_to_correct' and term_on >= $told_month_start_on and term_on <= $as_of_date
    group by officer_id, strftime(term_on, '%Y-%m')
),

matter as (
    select
        handler_officer_id as officer_id,
        resolved_on,
        cast(received_on + cast($matter_days as integer) as date) as term_on
    from core.complaint
    where
        handler_officer_id is not null
        and kind in ('consumer_complaint', 'violation_report')
        and not is_duplicate
        and coalesce(outcome, 'pending') <> 'duplicate'
),

matter_event as (
    select officer_id, strftime(resolved_on, '%Y-%m') as month, 1 as resolved_count, 0 as ended_count, 0 as in_time_count
    from matter
    where resolved_on >= $told_month_start_on
    union all
    select
        officer_id,
        strftime(term_on, '%Y-%m') as month,
        0 as resolved_count,
        1 as ended_count,
        case when resolved_on <= term_on then 1 else 0 end as in_time_count
    from matter
    where term_on >= $told_month_start_on and term_on <= $as_of_date
),

handled as (
    select
        officer_id,
        month,
        sum(resolved_count) as resolved_matter_count,
        sum(ended_count) as ended_matter_count,
        sum(in_time_count) as in_time_count
    from matter_event
    group by officer_id, month
),

deadline as (
    select unnest($case_deadlines, recursive := true)
),

case_event as (
    select
        lead_officer_id as officer_id,
        strftime(filed_on, '%Y-%m') as month,
        1 as filed_count, 0 as ended_count, 0 as in_time_count, 0 as reviewed_count, 0 as returned_count
    from core.penalty
    where filed_on >= $told_month_start_on
    union all
    select
        penalty.lead_officer_id as officer_id,
        strftime(deadline.due_on, '%Y-%m') as month,
        0 as filed_count,
        1 as ended_count,
        case when penalty.outcome_known_on <= deadline.due_on then 1 else 0 end as in_time_count,
        0 as reviewed_count,
        0 as returned_count
    from core.penalty
    inner join deadline on deadline.filed_on = penalty.filed_on
    where deadline.due_on >= $told_month_start_on and deadline.due_on <= $as_of_date
    union all
    select
        lead_officer_id as officer_id,
        strftime(legal_reviewed_on, '%Y-%m') as month,
        0 as filed_count,
        0 as ended_count,
        0 as in_time_count,
        1 as reviewed_count,
        case when legal_review_result = 'disagreed' then 1 else 0 end as returned_count
    from core.penalty
    where legal_reviewed_on >= $told_month_start_on and legal_review_result is not null
),

cased as (
    select
        officer_id,
        month,
        sum(filed_count) as case_count,
        sum(ended_count) as ended_case_count,
        sum(in_time_count) as in_time_count,
        sum(reviewed_count) as reviewed_case_count,
        sum(returned_count) as returned_count
    from case_event
    group by officer_id, month
),

acted as (
    select officer_id, month from service
    union
    select officer_id, month from went
    union
    select officer_id, month from ordered
    union
    select officer_id, month from handled
    union
    select officer_id, month from cased
),

counted as (
    select
        acted.officer_id,
        acted.month,
        told_month.is_complete,
        held.institution_id,
        coalesce(service.service_day_count, 0) as service_day_count,
        case when delivery.has_leave then coalesce(service.leave_day_count, 0) end as leave_day_count,
        coalesce(went.led_visit_count, 0) as led_visit_count,
        case when delivery.has_co_officer then coalesce(went.assisted_visit_count, 0) end as assisted_visit_count,
        coalesce(went.visit_day_count, 0) as visit_day_count,
        coalesce(went.merchant_count, 0) as merchant_count,
        coalesce(led.finding_count, 0) as finding_count,
        case when delivery.has_entered_at then coalesce(led.entered_visit_count, 0) end as entered_visit_count,
        led.same_day_count,
        case when delivery.has_visit_filing then coalesce(went.led_visit_count, 0) end as filed_visit_count,
        led.approved_before_count,
        coalesce(ordered.ended_order_count, 0) as ended_order_count,
        ordered.rechecked_count,
        case when delivery.has_handler and delivery.has_complaint_outcome then coalesce(handled.resolved_matter_count, 0) end
            as resolved_matter_count,
        case when delivery.has_handler and delivery.has_complaint_outcome then coalesce(handled.ended_matter_count, 0) end
            as ended_matter_count,
        handled.in_time_count as matter_in_time_count,
        coalesce(cased.case_count, 0) as case_count,
        case when delivery.has_outcome_date then coalesce(cased.ended_case_count, 0) end as ended_case_count,
        cased.in_time_count as case_in_time_count,
        case when delivery.has_review_result then coalesce(cased.reviewed_case_count, 0) end as reviewed_case_count,
        cased.returned_count
    from acted
    cross join core.delivery
    inner join told_month on told_month.month = acted.month
    left join held on held.officer_id = acted.officer_id and held.month = acted.month
    left join service on service.officer_id = acted.officer_id and service.month = acted.month
    left join went on went.officer_id = acted.officer_id and went.month = acted.month
    left join led on led.officer_id = acted.officer_id and led.month = acted.month
    left join ordered on ordered.officer_id = acted.officer_id and ordered.month = acted.month
    left join handled on handled.officer_id = acted.officer_id and handled.month = acted.month
    left join cased on cased.officer_id = acted.officer_id and cased.month = acted.month
),

-- a merchant that was seen in two months is one merchant of the year
met_year as (
    select officer_id, count(distinct merchant_id) filter (where was_inspected) as merchant_count
    from seen
    group by officer_id
),

told as (
    select month as period, false as is_year, counted.* exclude (month)
    from counted
    union all
    select
        'last_12_months' as period,
        true as is_year,
        counted.officer_id,
        bool_and(counted.is_complete) as is_complete,
        arg_max(counted.institution_id, counted.month) as institution_id,
        sum(counted.service_day_count) as service_day_count,
        sum(counted.leave_day_count) as leave_day_count,
        sum(counted.led_visit_count) as led_visit_count,
        sum(counted.assisted_visit_count) as assisted_visit_count,
        sum(counted.visit_day_count) as visit_day_count,
        coalesce(any_value(met_year.merchant_count), 0) as merchant_count,
        sum(counted.finding_count) as finding_count,
        sum(counted.entered_visit_count) as entered_visit_count,
        sum(counted.same_day_count) as same_day_count,
        sum(counted.filed_visit_count) as filed_visit_count,
        sum(counted.approved_before_count) as approved_before_count,
        sum(counted.ended_order_count) as ended_order_count,
        sum(counted.rechecked_count) as rechecked_count,
        sum(counted.resolved_matter_count) as resolved_matter_count,
        sum(counted.ended_matter_count) as ended_matter_count,
        sum(counted.matter_in_time_count) as matter_in_time_count,
        sum(counted.case_count) as case_count,
        sum(counted.ended_case_count) as ended_case_count,
        sum(counted.case_in_time_count) as case_in_time_count,
        sum(counted.reviewed_case_count) as reviewed_case_count,
        sum(counted.returned_count) as returned_count
    from counted
    left join met_year on met_year.officer_id = counted.officer_id
    group by counted.officer_id
),

judged as (
    select
        * replace (
            case when is_year then resolved_matter_count end as resolved_matter_count,
            case when is_year then ended_matter_count end as ended_matter_count
        ),
        least(
            case when entered_visit_count > 0 then entered_visit_count end,
            case when filed_visit_count > 0 then filed_visit_count end,
            case when ended_order_count > 0 then ended_order_count end,
            case when is_year and ended_matter_count > 0 then ended_matter_count end,
            case when ended_case_count > 0 then ended_case_count end,
            case when reviewed_case_count > 0 then reviewed_case_count end
        ) < $min_quality_records as has_small_share,
        is_year
        and (
            coalesce(resolved_matter_count between 1 and $small_cell - 1, false)
            or coalesce(ended_matter_count between 1 and $small_cell - 1, false)
        ) as has_small_cell,
        not is_year and resolved_matter_count is not null as has_hidden_matter
    from told
)

select
    cast($as_of_date as date) as as_of,
    officer_id,
    period,
    is_complete,
    institution_id,
    cast(service_day_count as bigint) as service_day_count,
    cast(leave_day_count as bigint) as leave_day_count,
    cast(led_visit_count as bigint) as led_visit_count,
    cast(assisted_visit_count as bigint) as assisted_visit_count,
    cast(visit_day_count as bigint) as visit_day_count,
    merchant_count,
    cast(finding_count as bigint) as finding_count,
    cast(entered_visit_count as bigint) as entered_visit_count,
    case when entered_visit_count >= $min_quality_records then cast(same_day_count as double) / entered_visit_count end
        as same_day_share,
    cast(filed_visit_count as bigint) as filed_visit_count,
    case when filed_visit_count >= $min_quality_records then cast(approved_before_count as double) / filed_visit_count end
        as approved_before_share,
    cast(ended_order_count as bigint) as ended_order_count,
    case when ended_order_count >= $min_quality_records then cast(rechecked_count as double) / ended_order_count end
        as recheck_share,
    cast(case when resolved_matter_count not between 1 and $small_cell - 1 then resolved_matter_count end as bigint)
        as resolved_matter_count,
    cast(case when ended_matter_count not between 1 and $small_cell - 1 then ended_matter_count end as bigint)
        as ended_matter_count,
    case
        when ended_matter_count >= $min_quality_records then cast(matter_in_time_count as double) / ended_matter_count
    end as matter_in_time_share,
    cast(case_count as bigint) as case_count,
    cast(ended_case_count as bigint) as ended_case_count,
    case when ended_case_count >= $min_quality_records then cast(case_in_time_count as double) / ended_case_count end
        as case_in_time_share,
    cast(reviewed_case_count as bigint) as reviewed_case_count,
    case when reviewed_case_count >= $min_quality_records then cast(returned_count as double) / reviewed_case_count end
        as returned_share,
    nullif(
        concat_ws(
            ';',
            case when has_small_share then '所依记录不足' || $min_quality_records || '条的比率不公布' end,
            case when has_small_cell then '不足' || $small_cell || '件的事项不计数' end,
            case when has_hidden_matter then '事项只按十二个月合计' end
        ),
        ''
    ) as reason_zh,
    nullif(
        concat_ws(
            '; ',
            case when has_small_share then 'a share of fewer than ' || $min_quality_records || ' records is not told' end,
            case when has_small_cell then 'fewer than ' || $small_cell || ' matters are not counted' end,
            case when has_hidden_matter then 'matters are counted over twelve months only' end
        ),
        ''
    ) as reason_en
from judged
