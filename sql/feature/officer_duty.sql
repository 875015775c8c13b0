-- feature.officer_duty · 人员待办 · due-date tasks of the coming days with who answers for them without a plan: who handles the matter, unless he has left the bureau, else who answers for the grid; of the matters at a merchant that one officer handles the one due first, so that nobody counts them
-- grain: merchant_id, kind, record_id
-- merchant_id | id | 主体编号 | merchant
-- kind | enum(rectification_due,post_penalty_revisit,annual_report,permit_expiry,first_offence_recheck,matter) | 任务类别 | kind of task
-- record_id | id | 记录编号 | record that it follows from, as in due_task; of a matter no record, but whose matter it is
-- institution_id | id | 机构编号 | institution in charge of the merchant
-- grid_id | id | 网格编号 | grid of the merchant
-- due_on | date | 到期日期 | due on
-- status | enum(upcoming,due,overdue) | 状态 | as in due_task
-- needs_visit | boolean | 是否需要检查 | it calls for a visit that has not taken place yet
-- officer_id | id? | 责任人 | officer who answers for it; empty where nobody does
-- charge | enum(handler,grid,nobody) | 责任依据 | he handles the matter, or answers for the grid
-- reason_zh | text | 理由 | reason in Chinese; of a matter only that it is due and by when
-- reason_en | text | 英文理由 | reason in English
with held as (
    -- whoever has left the bureau answers for nothing in it
    select due_task.* replace (case when handler.left_on is null then due_task.officer_id end as officer_id)
    from feature.due_task
    left join core.officer as handler on handler.officer_id = due_task.officer_id
),

task as (
    select
        merchant_id,
        case when kind = 'complaint_to_verify' then 'matter' else kind end as kind,
        case when kind = 'complaint_to_verify' then 'matter_' || coalesce(officer_id, 'grid') else record_id end as record_id,
        institution_id,
        grid_id,
        due_on,
        status,
        needs_visit,
        officer_id,
        reason_zh,
        reason_en
    from held
    where due_on <= $task_until_on
    qualify
        kind <> 'complaint_to_verify'
        or row_number() over (partition by kind, merchant_id, officer_id order by due_on, record_id) = 1
)

select
    task.merchant_id,
    task.kind,
    task.record_id,
    task.institution_id,
    task.grid_id,
    task.due_on,
    task.status,
    task.needs_visit,
    coalesce(task.officer_id, grid_officer.officer_id) as officer_id,
    case
        when task.officer_id is not null then 'handler'
        when grid_officer.officer_id is not null then 'grid'
        else 'nobody'
    end as charge,
    task.reason_zh,
    task.reason_en
from task
left join feature.grid_officer on grid_officer.grid_id = task.grid_id
