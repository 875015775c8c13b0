-- feature.merchant_case · 主体案件史 · cases against a merchant, as known on the night
-- grain: merchant_id, as_of_on
-- merchant_id | id | 主体编号 | merchant
-- as_of_on | date | 数据截止日 | night
-- case_filed_count_730 | count? | 近两年立案 | cases filed in 730 days
-- case_open_count | count? | 在办案件 | cases still open
-- case_punished_count_730 | count? | 近两年处罚案件 | cases that ended in a fine or a warning in 730 days
-- case_record_count_730 | count? | 近两年另计记录的处罚案件 | cases that ended in a fine or a warning in 730 days and did not come from a visit that is a bad record of 730 days itself
-- case_spared_count_730 | count? | 近两年不予处罚案件 | cases that ended without a penalty in 730 days
-- case_dropped_count_730 | count? | 近两年撤案或终止 | cases withdrawn or terminated in 730 days
-- fine_yuan_730 | yuan? | 近两年罚款 | fines decided in 730 days
-- days_since_case | days? | 距上次立案天数 | days since the last case was filed
with record as (
    -- a visit of the minor or severe records of feature.merchant_visit: a case that it led to is no record beside it
    select merchant_id, patrol_id, visited_on, known_on
    from core.patrol
    where is_severe is true or result in ('order_to_correct', 'warning', 'case_referred')
),

filed as (
    select
        night.merchant_id,
        night.as_of_on,
        date_diff('day', penalty.filed_on, night.as_of_on) as filed_age_days,
        date_diff('day', penalty.outcome_known_on, night.as_of_on) as outcome_age_days,
        case when penalty.outcome_known_on <= night.as_of_on then penalty.outcome else 'pending' end as outcome,
        case when penalty.outcome_known_on <= night.as_of_on then penalty.fine_yuan end as fine_yuan,
        record.patrol_id is not null as is_of_record
    from core.merchant_night as night
    inner join core.penalty
        on penalty.merchant_id = night.merchant_id and penalty.filed_on <= night.as_of_on
    left join record
        on record.patrol_id = penalty.patrol_id
        and record.merchant_id = night.merchant_id
        and record.known_on <= night.as_of_on
        and date_diff('day', record.visited_on, night.as_of_on) < 730
),

total as (
    select
        merchant_id,
        as_of_on,
        count(*) filter (where filed_age_days < 730) as case_filed_count_730,
        count(*) filter (where outcome = 'pending') as case_open_count,
        count(*) filter (where outcome_age_days < 730 and outcome in ('fined', 'warned')) as case_punished_count_730,
        count(*) filter (
            where outcome_age_days < 730 and outcome in ('fined', 'warned') and not is_of_record
        ) as case_record_count_730,
        count(*) filter (where outcome_age_days < 730 and outcome = 'no_penalty') as case_spared_count_730,
        count(*) filter (
            where outcome_age_days < 730 and outcome in ('withdrawn', 'terminated')
        ) as case_dropped_count_730,
        cast(sum(cast(fine_yuan as decimal(18, 2))) filter (where outcome_age_days < 730) as double) as fine_yuan_730,
        min(filed_age_days) as days_since_case
    from filed
    group by merchant_id, as_of_on
)

select
    night.merchant_id,
    night.as_of_on,
    case when delivery.has_penalty then coalesce(total.case_filed_count_730, 0) end as case_filed_count_730,
    case when delivery.has_penalty then coalesce(total.case_open_count, 0) end as case_open_count,
    case when delivery.has_penalty then coalesce(total.case_punished_count_730, 0) end as case_punished_count_730,
    case when delivery.has_penalty then coalesce(total.case_record_count_730, 0) end as case_record_count_730,
    case when delivery.has_penalty then coalesce(total.case_spared_count_730, 0) end as case_spared_count_730,
    case when delivery.has_penalty then coalesce(total.case_dropped_count_730, 0) end as case_dropped_count_730,
    case when delivery.has_penalty and delivery.has_fine then coalesce(total.fine_yuan_730, 0) end as fine_yuan_730,
    total.days_since_case
from core.merchant_night as night
cross join core.delivery
left join total on total.merchant_id = night.merchant_id and total.as_of_on = night.as_of_on
