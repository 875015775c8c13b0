-- feature.merchant_visit · 主体巡查史 · a merchant's own visits, as known on the night
-- grain: merchant_id, as_of_on
-- merchant_id | id | 主体编号 | merchant
-- as_of_on | date | 数据截止日 | night
-- entered_visit_count_365 | count | 近一年录入的实际检查 | visits entered in 365 days at which someone was met and checked
-- entered_visit_count_730 | count | 近两年录入的实际检查 | visits entered in 730 days at which someone was met and checked
-- entered_expected_severe_730 | rate | 近两年录入检查的预期严重问题次数 | severe visits to be expected among them by what their officers find elsewhere
-- entered_severe_excess_730 | number | 近两年录入检查的严重问题超出数 | severe visits among them beyond that expectation
-- entered_finding_excess_730 | number | 近两年录入检查的问题超出和(对数) | findings at them beyond expectation, as a sum of logarithms
-- visit_count_730 | count | 近两年检查次数 | visits in 730 days
-- finding_count_730 | count | 近两年问题数 | findings in 730 days
-- severe_visit_count_730 | count | 近两年有严重问题的检查 | visits with a severe finding in 730 days
-- severe_excess_730 | number | 严重问题多于同一人员在别处所见 | own visits with a severe finding, beyond what the same officers find elsewhere (per visit, fading over two years)
-- finding_excess_730 | number | 问题数多于同一人员在别处所见(对数) | findings at own visits, beyond what the same officers find elsewhere (logarithm per visit, fading over two years)
-- recheck_failed_count_730 | count | 近两年复查仍有问题次数 | rechecks that still found something in 730 days
-- closed_on_arrival_count_730 | count | 近两年到场关门次数 | visits that found it closed in 730 days
-- minor_record_count_730 | count | 近两年轻微不良记录 | visits that ended in an order or a warning without a severe finding in 730 days
-- severe_record_count_730 | count | 近两年较重不良记录 | visits with a severe finding or a referral in 730 days
-- last_visit_on | date? | 最近检查日期 | last visit
-- days_since_visit | days? | 距上次检查天数 | days since the last visit
-- was_last_severe | boolean? | 上次有严重问题 | the last visit had a severe finding
with visit as (
    select
        night.merchant_id,
        night.as_of_on,
        patrol.patrol_id,
        patrol.visited_on,
        patrol.visit_kind,
        patrol.result,
        patrol.finding_count,
        patrol.is_severe,
        patrol.was_inspected,
        expectation.expected_severe_share,
        expectation.severe_excess,
        expectation.finding_excess,
        date_diff('day', patrol.visited_on, night.as_of_on) as age_days,
        date_diff('day', patrol.known_on, night.as_of_on) as entered_age_days,
        row_number() over (
            partition by night.merchant_id, night.as_of_on order by patrol.visited_on desc, patrol.patrol_id desc
        ) as visits_back
    from core.merchant_night as night
    inner join core.merchant on merchant.merchant_id = night.merchant_id
    inner join core.patrol
        on patrol.merchant_id = night.merchant_id and patrol.known_on <= night.as_of_on
    left join feature.visit_expectation as expectation
        on expectation.patrol_id = patrol.patrol_id and expectation.half = merchant.half
),

total as (
    select
        merchant_id,
        as_of_on,
        count(*) filter (where age_days < 730) as visit_count_730,
        count(*) filter (where entered_age_days < 365 and severe_excess is not null) as entered_visit_count_365,
        count(*) filter (where entered_age_days < 730 and severe_excess is not null) as entered_visit_count_730,
        -- summed as decimals: an exact sum is the same in whatever order the threads add it
        cast(
            sum(cast(expected_severe_share as decimal(18, 6))) filter (where entered_age_days < 730) as double
        ) as entered_expected_severe_730,
        cast(
            sum(cast(severe_excess as decimal(18, 6))) filter (where entered_age_days < 730) as double
        ) as entered_severe_excess_730,
        cast(
            sum(cast(finding_excess as decimal(18, 6))) filter (where entered_age_days < 730) as double
        ) as entered_finding_excess_730,
        cast(
            sum(cast(exp(-ln(2) * age_days / 730) as decimal(18, 6))) filter (where severe_excess is not null) as double
        ) as weight_730,
        cast(
            sum(cast(severe_excess * exp(-ln(2) * age_days / 730) as decimal(18, 6))) as double
        ) as severe_excess_sum_730,
        cast(
            sum(cast(finding_excess * exp(-ln(2) * age_days / 730) as decimal(18, 6))) as double
        ) as finding_excess_sum_730,
        coalesce(cast(sum(finding_count) filter (where age_days < 730) as bigint), 0) as finding_count_730,
        count(*) filter (where age_days < 730 and is_severe) as severe_visit_count_730,
        count(*) filter (
            where age_days < 730 and visit_kind = 'recheck' and finding_count > 0
        ) as recheck_failed_count_730,
        count(*) filter (where age_days < 730 and result = 'closed_on_arrival') as closed_on_arrival_count_730,
        count(*) filter (
            where age_days < 730 and result in ('order_to_correct', 'warning') and is_severe is not true
        ) as minor_record_count_730,
        count(*) filter (
            where age_days < 730 and (is_severe is true or result = 'case_referred')
        ) as severe_record_count_730,
        max(visited_on) as last_visit_on,
        min(age_days) as days_since_visit,
        bool_or(is_severe) filter (where visits_back = 1) as was_last_severe
    from visit
    group by merchant_id, as_of_on
)

select
    night.merchant_id,
    night.as_of_on,
    coalesce(total.entered_visit_count_365, 0) as entered_visit_count_365,
    coalesce(total.entered_visit_count_730, 0) as entered_visit_count_730,
    coalesce(total.entered_expected_severe_730, 0) as entered_expected_severe_730,
    coalesce(total.entered_severe_excess_730, 0) as entered_severe_excess_730,
    coalesce(total.entered_finding_excess_730, 0) as entered_finding_excess_730,
    coalesce(total.visit_count_730, 0) as visit_count_730,
    coalesce(total.finding_count_730, 0) as finding_count_730,
    coalesce(total.severe_visit_count_730, 0) as severe_visit_count_730,
    coalesce(total.severe_excess_sum_730 / (total.weight_730 + 1), 0) as severe_excess_730,
    coalesce(total.finding_excess_sum_730 / (total.weight_730 + 1), 0) as finding_excess_730,
    coalesce(total.recheck_failed_count_730, 0) as recheck_failed_count_730,
    coalesce(total.closed_on_arrival_count_730, 0) as closed_on_arrival_count_730,
    coalesce(total.minor_record_count_730, 0) as minor_record_count_730,
    coalesce(total.severe_record_count_730, 0) as severe_record_count_730,
    total.last_visit_on,
    total.days_since_visit,
    total.was_last_severe
from core.merchant_night as night
left join total on total.merchant_id = night.merchant_id and total.as_of_on = night.as_of_on
