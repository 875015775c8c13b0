-- feature.due_task · 到期任务 · what falls due at an open merchant, from the records known on $as_of_date; published as it is
-- grain: as_of, merchant_id, kind, record_id
-- as_of | date | 数据截止日 | night
-- merchant_id | id | 主体编号 | merchant
-- kind | enum(rectification_due,post_penalty_revisit,annual_report,permit_expiry,complaint_to_verify,first_offence_recheck) | 任务类别 | kind of task
-- record_id | id | 记录编号 | record that it follows from: visit, case, complaint or permit; of an annual report the year it was due
-- institution_id | id | 机构编号 | institution in charge
-- grid_id | id | 网格编号 | grid
-- due_on | date | 到期日期 | due on
-- status | enum(upcoming,due,overdue) | 状态 | upcoming, due within the days of the policy, or overdue
-- needs_visit | boolean | 是否需要检查 | it calls for a visit that has not taken place yet
-- visit_kind | enum(routine,special,targeted,random,complaint,recheck)? | 检查类型 | kind of that visit, empty for a mere reminder
-- is_cap_exempt | boolean | 不受频次上限限制 | a visit for it is made even where the yearly cap is used up
-- officer_id | id? | 承办人 | officer who handles the complaint; empty for other kinds and where the record names none
-- reason_zh | text | 理由 | reason in Chinese; of a complaint only that a matter is due and by when
-- reason_en | text | 英文理由 | reason in English
with rule as (
    select unnest($due_task_rules, recursive := true)
),

visited as (
    select
        merchant_id,
        max(visited_on) as last_on,
        max(visited_on) filter (where visit_kind = 'complaint') as last_complaint_on
    from core.patrol
    where was_inspected
    group by merchant_id
),

permit as (
    select merchant_id, filing_id, valid_to_on
    from core.filing
    where kind = 'permit' and valid_to_on is not null and coalesce(status, 'approved') <> 'rejected'
    qualify row_number() over (partition by merchant_id order by valid_to_on desc, filing_id) = 1
),

reported as (
    select distinct merchant_id
    from core.filing
    where kind = 'annual_report' and coalesce(due_on, filed_on) >= $annual_report_year_start_on and filed_on is not null
),

event as (
    select
        'rectification_due' as kind,
        merchant_id,
        patrol_id as record_id,
        visited_on as event_on,
        cast(null as date) as due_on,
        cast(null as varchar) as officer_id
    from core.patrol
    where result = 'order_to_correct'
    union all
    select
        case when outcome = 'no_penalty' then 'first_offence_recheck' else 'post_penalty_revisit' end as kind,
        merchant_id,
        case_id as record_id,
        outcome_known_on as event_on,
        null as due_on,
        null as officer_id
    from core.penalty
    where outcome in ('fined', 'warned', 'no_penalty') and outcome_known_on is not null
    union all
    select
        'complaint_to_verify' as kind,
        complaint.merchant_id,
        complaint.complaint_id as record_id,
        complaint.received_on as event_on,
        null as due_on,
        complaint.handler_officer_id as officer_id
    from core.complaint
    cross join core.delivery
    where
        complaint.kind in ('consumer_complaint', 'violation_report')
        and not complaint.is_duplicate
        and complaint.resolved_on is null
        and coalesce(complaint.outcome, 'pending') = 'pending'
        and delivery.has_complaint_outcome
    union all
    select
        'permit_expiry' as kind,
        merchant_id,
        filing_id as record_id,
        null as event_on,
        valid_to_on as due_on,
        null as officer_id
    from permit
    union all
    -- that a report is missing can only be told where reports of that year were delivered at all
    select
        'annual_report' as kind,
        merchant.merchant_id,
        'annual_report_' || cast(year($annual_report_due_on) as varchar) as record_id,
        null as event_on,
        $annual_report_due_on as due_on,
        null as officer_id
    from core.merchant
    left join reported on reported.merchant_id = merchant.merchant_id
    where
        merchant.kind <> 'unlicensed'
        and merchant.registered_on < $annual_report_year_start_on
        and reported.merchant_id is null
        and exists (select 1 from reported)
),

dated as (
    select
        event.kind,
        event.merchant_id,
        event.record_id,
        event.event_on,
        coalesce(event.due_on, event.event_on + rule.due_after_days) as due_on,
        event.officer_id,
        rule.horizon_days,
        nullif(rule.visit_kind, '') as visit_kind,
        rule.visit_only_once_overdue,
        rule.is_cap_exempt,
        case when event.kind = 'complaint_to_verify' then visited.last_complaint_on else visited.last_on end as seen_on
    from event
    inner join rule on rule.kind = event.kind and rule.is_on
    left join visited on visited.merchant_id = event.merchant_id
),

owed as (
    select
        dated.*,
        merchant.institution_id,
        merchant.grid_id,
        dated.due_on < $as_of_date as is_overdue,
        coalesce(dated.seen_on >= dated.event_on, false) and dated.kind = 'complaint_to_verify' as was_seen
    from dated
    inner join core.merchant on merchant.merchant_id = dated.merchant_id and merchant.status <> 'closed'
    where
        dated.due_on <= $as_of_date + dated.horizon_days
        and dated.due_on > $due_task_start_on
        -- an order or a decision has been followed up once someone was met there on a later day
        and (
            dated.kind not in ('rectification_due', 'post_penalty_revisit', 'first_offence_recheck')
            or coalesce(dated.seen_on, dated.event_on) <= dated.event_on
        )
)

select
    cast($as_of_date as date) as as_of,
    merchant_id,
    kind,
    record_id,
    institution_id,
    grid_id,
    due_on,
    case when is_overdue then 'overdue' when due_on <= $due_soon_until_on then 'due' else 'upcoming' end as status,
    visit_kind is not null and not was_seen and (is_overdue or not visit_only_once_overdue) as needs_visit,
    case when not was_seen and (is_overdue or not visit_only_once_overdue) then visit_kind end as visit_kind,
    is_cap_exempt,
    officer_id,
    case kind
        when 'rectification_due' then event_on || '检查责令改正,改正期限至' || due_on || ',期满应复查,此后尚无实地检查'
        when 'post_penalty_revisit' then event_on || '作出处罚,应于' || due_on || '前回访,此后尚无实地检查'
        when 'first_offence_recheck' then event_on || '决定不予处罚,应于' || due_on || '前复查改正情况,此后尚无实地检查'
        when 'complaint_to_verify'
            -- a plan is read by many: who complained would be told from the day, and that somebody did from the word
            then '有事项应于' || due_on || '前办理' || case when was_seen then ',已于' || seen_on || '到场检查' else '' end
        when 'permit_expiry' then '许可有效期至' || due_on || case when is_overdue then ',已过期' else ',即将到期' end
        else '年度报告应于' || due_on || '前报送,尚未收到'
    end as reason_zh,
    case kind
        when 'rectification_due' then 'ordered on ' || event_on || ' to correct by ' || due_on || ', to be rechecked once that term ends; nobody has checked on site since'
        when 'post_penalty_revisit' then 'penalised on ' || event_on || ', to be revisited by ' || due_on || '; nobody has checked on site since'
        when 'first_offence_recheck' then 'not penalised on ' || event_on || ', correction to be rechecked by ' || due_on || '; nobody has checked on site since'
        when 'complaint_to_verify'
            then
                'a matter is due by ' || due_on
                || case when was_seen then '; checked on site on ' || seen_on else '' end
        when 'permit_expiry' then 'its permit is valid to ' || due_on || case when is_overdue then ' and has ended' else ' and ends soon' end
        else 'its annual report is due on ' || due_on || ' and has not come'
    end as reason_en
from owed
