-- core.filing · 报备与申报 · filings made by $as_of_date, and those that had become overdue by then
-- grain: filing_id
-- filing_id | id | 报备编号 | filing
-- kind | enum(visit,meal_activity,annual_report,permit,conflict_declaration) | 类别 | kind
-- officer_id | id? | 人员编号 | officer
-- merchant_id | id? | 主体编号 | merchant
-- known_on | date | 可知日期 | filed on; of an annual report that was not there in time, the day after it fell due; without either, the day of the event
-- filed_on | date? | 报备日期 | filed on
-- filed_at | timestamp? | 报备时间 | filed at; midnight sharp where the source gives a day without a time
-- event_at | timestamp? | 事项时间 | time of the event: announced by the filing, so that it may lie ahead; without a time of filing, known once it has come
-- due_on | date? | 期限 | due on
-- valid_to_on | date? | 有效期至 | valid to
-- status | enum(approved,rejected,on_time,late,missing)? | 状态 | status
with known as (
    select
        *,
        case when cast(filed_at as date) <= $as_of_date then cast(filed_at as date) end as filed_on,
        case
            when kind = 'annual_report' and due_on is not null and coalesce(cast(filed_at as date) > due_on, true)
                then cast(due_on + interval 1 day as date)
            else coalesce(cast(filed_at as date), cast(due_on + interval 1 day as date), cast(event_at as date))
        end as known_on
    from raw.filing
)
select
    filing_id,
    kind,
    officer_id,
    merchant_id,
    known_on,
    filed_on,
    case when filed_on is not null then filed_at end as filed_at,
    case when filed_on is not null or (filed_at is null and cast(event_at as date) <= $as_of_date) then event_at end as event_at,
    due_on,
    valid_to_on,
    -- what is filed after tonight is missing tonight
    case when kind = 'annual_report' and filed_at is not null and filed_on is null then 'missing' else status end as status
from known
where known_on <= $as_of_date
