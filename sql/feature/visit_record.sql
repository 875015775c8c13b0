-- feature.visit_record · 巡查记录事实 · one row per visit on record: what was done, how it was entered, and what came before and after, all as known tonight
-- grain: patrol_id
-- patrol_id | id | 巡查编号 | visit
-- lead_officer_id | id | 主检人员 | officer who led the visit
-- co_officer_id | id? | 协检人员 | second officer
-- unit_id | id | 现名机构 | the institution under its last name, so that a new name resets no history
-- merchant_id | id | 主体编号 | merchant visited
-- visited_on | date | 检查日期 | day of the visit
-- known_on | date | 可知日期 | day from which the record can be used
-- visit_kind | enum(routine,special,targeted,random,complaint,recheck) | 检查类型 | kind of visit
-- result | enum(normal,order_to_correct,warning,case_referred,closed_on_arrival,not_found) | 结果 | result
-- was_inspected | boolean | 实际检查 | someone was met and checked
-- finding_count | count | 问题数 | findings
-- is_severe | boolean? | 有严重问题 | a severe finding, empty where nobody was checked
-- industry_division | number? | 行业大类 | division of the industry code (GB/T 4754, first two digits)
-- is_market | boolean? | 市场商场 | lies in a market or a mall, empty where the kind of the grid is not known
-- is_individual_merchant | boolean? | 个体工商户 | the merchant is an individual trader
-- is_rural | boolean? | 是否农村 | the institution serves a rural area
-- prior_visit_count | count | 他人此前检查 | inspected visits to the merchant led by others and on record before the day of this one
-- prior_finding_count | count | 他人此前有问题的检查 | of those, visits with a finding
-- prior_severe_count | count | 他人此前有严重问题的检查 | of those, visits with a severe finding
-- visit_minutes | number? | 检查时长(分钟) | minutes from beginning to end, empty without an end or a time of day
-- start_minute_of_day | number? | 开始时刻(分钟) | minutes from midnight to the beginning, empty where the source gives a day without a time
-- entry_lag_days | days? | 录入延迟天数 | days from the visit to the entry of its record
-- was_entered_by_other | boolean? | 他人代录 | the record was entered by neither of the two who visited
-- note_repeat_count | count? | 文书重复次数 | earlier visits of the same lead officer to other merchants within 365 days with the same note, empty without a note
-- previous_kilometres | number? | 距前一检查公里 | great-circle distance from the lead officer's visit before this one on the same day
-- previous_gap_minutes | number? | 距前一检查分钟 | minutes from the end of that visit (its beginning where it has no end) to the beginning of this one; negative where they overlap
-- is_on_leave | boolean? | 休假培训期间 | the lead officer was on leave or in training that day, empty where leave was not delivered
-- is_month_end | boolean | 月末 | one of the last three days of the month
-- is_outside_hours | boolean? | 非工作时段 | began before 07:00 or after 20:00, empty without a time of day
-- was_filed | boolean? | 已报备 | a filing of the visit exists that was neither rejected nor missing, empty where no filings of visits were delivered
-- filing_lag_minutes | number? | 报备早晚(分钟) | minutes from the beginning of the visit to its best filing, negative where it was filed before; empty without a time of day
-- was_filing_rejected | boolean? | 报备未获批准 | the only filings of the visit were rejected or missing, empty where no filings of visits were delivered
-- referred_on | date? | 立案日期 | day on which a case was filed: the one that names this visit, or else the first at the merchant within $referral_days days
-- referred_case_id | id? | 立案案件 | that case
-- later_other_visit_count | count | 他人此后检查 | inspected visits to the merchant in the 90 days after, led by neither of the two
-- later_other_finding_count | count | 他人此后有问题的检查 | of those, visits with a finding
-- first_unannounced_after_on | date? | 此后首次随机、重点或投诉核查 | day from which the first random, targeted or complaint-driven visit in the 60 days after is known, led by neither of the two and inspected
-- first_unannounced_severe | boolean? | 该次有严重问题 | that visit found something severe
-- first_unannounced_finding | boolean? | 该次有问题 | that visit found something
with timed as (
    select
        *,
        -- a source that gives days only would otherwise have everybody begin at midnight and stay no minute
        case when cast(started_at as time) <> time '00:00:00' then started_at end as began_at
    from core.patrol
),

-- neighbours in the officer's sequence, seen over all visits and not only those of the window
sequence as (
    select
        *,
        lag(latitude) over same_day as previous_latitude,
        lag(longitude) over same_day as previous_longitude,
        lag(case when began_at is not null then coalesce(ended_at, began_at) end) over same_day as previous_ended_at,
        count(*) over (
            partition by lead_officer_id, note_hash
            order by started_at range between interval 365 day preceding and interval 1 microsecond preceding
        ) - count(*) over (
            partition by lead_officer_id, note_hash, merchant_id
            order by started_at range between interval 365 day preceding and interval 1 microsecond preceding
        ) as note_repeat_count
    from timed
    window same_day as (partition by lead_officer_id, visited_on order by started_at, patrol_id)
),

subject as (
    select patrol_id, merchant_id, lead_officer_id, co_officer_id, visited_on
    from core.patrol
    where visited_on > $record_start_on
),

earlier as (
    select
        subject.patrol_id,
        count(*) as visit_count,
        count(*) filter (where other.finding_count > 0) as finding_count,
        count(*) filter (where other.is_severe) as severe_count
    from subject
    inner join core.patrol as other
        on other.merchant_id = subject.merchant_id
        and other.lead_officer_id <> subject.lead_officer_id
        and other.known_on < subject.visited_on
    where other.was_inspected
    group by subject.patrol_id
),

after as (
    select
        subject.patrol_id,
        other.patrol_id as other_patrol_id,
        other.started_at,
        other.known_on,
        other.is_severe,
        other.finding_count > 0 as has_finding,
        other.visit_kind in ('random', 'targeted', 'complaint')
        and date_diff('day', subject.visited_on, other.visited_on) <= 60 as is_unannounced
    from subject
    inner join core.patrol as other
        on other.merchant_id = subject.merchant_id
        and other.visited_on > subject.visited_on
        and other.visited_on <= cast(subject.visited_on + interval 90 day as date)
        and other.lead_officer_id <> subject.lead_officer_id
        and other.lead_officer_id is distinct from subject.co_officer_id
    where other.was_inspected
),

later as (
    select
        patrol_id,
        count(*) as visit_count,
        count(*) filter (where has_finding) as finding_count
    from after
    group by patrol_id
),

unannounced as (
    select patrol_id, known_on, is_severe, has_finding
    from after
    where is_unannounced
    qualify row_number() over (partition by patrol_id order by started_at, other_patrol_id) = 1
),

filed as (
    select patrol_id, is_accepted, filed_at
    from feature.filed_visit
    qualify row_number() over (
        partition by patrol_id order by is_accepted desc, is_named desc, filed_at nulls last, filing_id
    ) = 1
),

referred as (
    select subject.patrol_id, penalty.case_id, penalty.filed_on
    from subject
    inner join core.penalty
        on penalty.merchant_id = subject.merchant_id
        and (
            penalty.patrol_id = subject.patrol_id
            or date_diff('day', subject.visited_on, penalty.filed_on) between 0 and $referral_days
        )
    qualify row_number() over (
        partition by subject.patrol_id
        order by coalesce(penalty.patrol_id = subject.patrol_id, false) desc, penalty.filed_on, penalty.case_id
    ) = 1
),

away as (
    select distinct subject.patrol_id
    from subject
    inner join core.leave
        on leave.officer_id = subject.lead_officer_id
        and subject.visited_on between leave.from_on and leave.to_on
)

select
    visit.patrol_id,
    visit.lead_officer_id,
    visit.co_officer_id,
    coalesce(second_unit.successor_id, first_unit.successor_id, visit.institution_id) as unit_id,
    visit.merchant_id,
    visit.visited_on,
    visit.known_on,
    visit.visit_kind,
    visit.result,
    visit.was_inspected,
    visit.finding_count,
    visit.is_severe,
    try_cast(substr(merchant.industry_code, 1, 2) as double) as industry_division,
    grid.kind in ('market', 'mall') as is_market,
    merchant.kind = 'individual' as is_individual_merchant,
    institution.is_rural,
    coalesce(earlier.visit_count, 0) as prior_visit_count,
    coalesce(earlier.finding_count, 0) as prior_finding_count,
    coalesce(earlier.severe_count, 0) as prior_severe_count,
    date_diff('second', visit.began_at, visit.ended_at) / 60.0 as visit_minutes,
    date_diff('second', cast(visit.visited_on as timestamp), visit.began_at) / 60.0 as start_minute_of_day,
    date_diff('day', visit.visited_on, visit.entered_on) as entry_lag_days,
    visit.entered_by <> visit.lead_officer_id and visit.entered_by is distinct from visit.co_officer_id
        as was_entered_by_other,
    case when visit.note_hash is not null then visit.note_repeat_count end as note_repeat_count,
    -- great circle on a sphere of the earth's mean radius in kilometres; least() would turn a missing place into its bound
    case
        when visit.latitude + visit.longitude + visit.previous_latitude + visit.previous_longitude is not null
            then 2 * 6371.0088 * asin(
                sqrt(
                    least(
                        1.0,
                        power(sin(radians(visit.latitude - visit.previous_latitude) / 2), 2)
                        + cos(radians(visit.latitude)) * cos(radians(visit.previous_latitude))
                        * power(sin(radians(visit.longitude - visit.previous_longitude) / 2), 2)
                    )
                )
            )
    end as previous_kilometres,
    date_diff('second', visit.previous_ended_at, visit.began_at) / 60.0 as previous_gap_minutes,
    case when delivery.has_leave then away.patrol_id is not null end as is_on_leave,
    date_diff('day', visit.visited_on, last_day(visit.visited_on)) < 3 as is_month_end,
    cast(visit.began_at as time) < time '07:00:00' or cast(visit.began_at as time) > time '20:00:00' as is_outside_hours,
    case when delivery.has_visit_filing then coalesce(filed.is_accepted, false) end as was_filed,
    date_diff('second', visit.began_at, filed.filed_at) / 60.0 as filing_lag_minutes,
    case when delivery.has_visit_filing then coalesce(not filed.is_accepted, false) end as was_filing_rejected,
    referred.filed_on as referred_on,
    referred.case_id as referred_case_id,
    coalesce(later.visit_count, 0) as later_other_visit_count,
    coalesce(later.finding_count, 0) as later_other_finding_count,
    unannounced.known_on as first_unannounced_after_on,
    unannounced.is_severe as first_unannounced_severe,
    unannounced.has_finding as first_unannounced_finding
from sequence as visit
cross join core.delivery
left join core.merchant on merchant.merchant_id = visit.merchant_id
left join core.grid on grid.grid_id = visit.grid_id
left join core.institution on institution.institution_id = visit.institution_id
left join feature.officer_unit as first_unit on first_unit.institution_id = visit.institution_id
left join feature.officer_unit as second_unit on second_unit.institution_id = first_unit.successor_id
left join earlier on earlier.patrol_id = visit.patrol_id
left join later on later.patrol_id = visit.patrol_id
left join unannounced on unannounced.patrol_id = visit.patrol_id
left join filed on filed.patrol_id = visit.patrol_id
left join referred on referred.patrol_id = visit.patrol_id
left join away on away.patrol_id = visit.patrol_id
where visit.visited_on > $record_start_on
