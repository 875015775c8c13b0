-- feature.officer_docket · 人员办案情况 · cases that an officer led: decided in the 12 months up to each night, and open on it
-- grain: officer_id, as_of_on
-- officer_id | id | 人员编号 | officer
-- as_of_on | date | 数据截止日 | night
-- led_case_count_12m | count? | 近12个月主办结案数 | cases led whose outcome became known in 12 months
-- penalty_count_12m | count? | 近12个月处罚决定数 | cases led that ended with a fine, a warning or no penalty
-- no_penalty_count_12m | count? | 近12个月不予处罚与警告数 | of these, warnings and no penalty
-- below_minimum_share_12m | share? | 低于法定下限占比 | share of fines below the statutory minimum, of cases that have one
-- dropped_case_count_12m | count? | 近12个月撤案终止数 | cases led that were withdrawn or terminated
-- open_case_count | count? | 在办案件数 | cases led and still open on that night
-- old_open_case_count | count? | 超90日在办案件数 | cases led and open for more than 90 days
with decided as (
    select
        officer_night.officer_id,
        officer_night.as_of_on,
        count(*) as led_case_count,
        count(*) filter (where officer_case.outcome in ('fined', 'warned', 'no_penalty')) as penalty_count,
        count(*) filter (where officer_case.outcome in ('warned', 'no_penalty')) as no_penalty_count,
        count(*) filter (where officer_case.outcome = 'fined' and officer_case.statutory_min_yuan > 0) as bounded_count,
        count(*) filter (
            where officer_case.outcome = 'fined' and officer_case.fine_counted_yuan < officer_case.statutory_min_yuan
        ) as below_minimum_count,
        count(*) filter (where officer_case.outcome in ('withdrawn', 'terminated')) as dropped_case_count
    from core.officer_night
    inner join feature.officer_case
        on officer_case.lead_officer_id = officer_night.officer_id
        and date_diff('day', officer_case.outcome_known_on, officer_night.as_of_on) between 0 and 364
    group by officer_night.officer_id, officer_night.as_of_on
),
pending as (
    select
        officer_night.officer_id,
        officer_night.as_of_on,
        count(*) as open_case_count,
        count(*) filter (where date_diff('day', penalty.filed_on, officer_night.as_of_on) > 90) as old_open_case_count
    from core.officer_night
    inner join core.penalty
        on penalty.lead_officer_id = officer_night.officer_id
        and penalty.filed_on <= officer_night.as_of_on
        and penalty.outcome is not null
        and (penalty.outcome_known_on is null or penalty.outcome_known_on > officer_night.as_of_on)
    group by officer_night.officer_id, officer_night.as_of_on
)
select
    officer_night.officer_id,
    officer_night.as_of_on,
    case when delivery.has_penalty then coalesce(decided.led_case_count, 0) end as led_case_count_12m,
    case when delivery.has_penalty then coalesce(decided.penalty_count, 0) end as penalty_count_12m,
    case when delivery.has_penalty then coalesce(decided.no_penalty_count, 0) end as no_penalty_count_12m,
    decided.below_minimum_count / cast(nullif(decided.bounded_count, 0) as double) as below_minimum_share_12m,
    case when delivery.has_penalty then coalesce(decided.dropped_case_count, 0) end as dropped_case_count_12m,
    case when delivery.has_penalty then coalesce(pending.open_case_count, 0) end as open_case_count,
    case when delivery.has_penalty then coalesce(pending.old_open_case_count, 0) end as old_open_case_count
from core.officer_night
cross join core.delivery
left join decided on decided.officer_id = officer_night.officer_id and decided.as_of_on = officer_night.as_of_on
left join pending on pending.officer_id = officer_night.officer_id and pending.as_of_on = officer_night.as_of_on
