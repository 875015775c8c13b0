-- feature.merchant_visit · 主体巡查史 · a merchant's own visits, as known on the night
-- grain: merchant_id, as_of_on
-- merchant_id | id | 主体编号 | merchant
-- as_of_on | date | 数据截止日 | night
-- visit_count_365 | count | 近一年检查次数 | visits in 365 days
-- entered_visit_count_365 | count | 近一年录入的实际检查 | visits entered in 365 days at which someone was met and checked
-- entered_severe_visit_count_365 | count | 近一年录入的严重问题检查 | of these, visits with a severe finding
-- visit_count_730 | count | 近两年检查次数 | visits in 730 days
-- finding_count_730 | count | 近两年问题数 | findings in 730 days
-- finding_per_visit_730 | rate? | 近两年每次问题数 | findings per visit in 730 days
-- finding_most_730 | count? | 近两年单次最多问题数 | most findings at one visit in 730 days
-- finding_decayed_180 | rate | 问题数(180天半衰) | findings, each weighing half as much every 180 days
-- severe_visit_count_365 | count | 近一年有严重问题的检查 | visits with a severe finding in 365 days
-- severe_visit_count_730 | count | 近两年有严重问题的检查 | visits with a severe finding in 730 days
-- severe_visit_share_730 | share? | 近两年严重问题占比 | share of visits with a severe finding in 730 days
-- severe_visit_decayed_180 | rate | 严重问题检查(180天半衰) | visits with a severe finding, each weighing half as much every 180 days
-- severe_visit_decayed_730 | rate | 严重问题检查(730天半衰) | visits with a severe finding, each weighing half as much every 730 days
-- severe_visit_share_routine | share? | 日常检查严重占比 | share of routine visits with a severe finding, of all time
-- severe_visit_share_campaign | share? | 专项与重点检查严重占比 | share of special and targeted visits with a severe finding, of all time
-- severe_visit_share_random | share? | 随机抽查严重占比 | share of random visits with a severe finding, of all time
-- severe_visit_share_complaint | share? | 投诉核查严重占比 | share of complaint visits with a severe finding, of all time
-- recheck_count_730 | count | 近两年复查次数 | rechecks in 730 days
-- recheck_failed_count_730 | count | 近两年复查仍有问题次数 | rechecks that still found something in 730 days
-- closed_on_arrival_count_730 | count | 近两年到场关门次数 | visits that found it closed in 730 days
-- measure_count_730 | count | 近两年责令改正、警示或移送次数 | visits that ended in an order, a warning or a referral in 730 days
-- minor_record_count_730 | count | 近两年轻微不良记录 | visits that ended in an order or a warning without a severe finding in 730 days
-- severe_record_count_730 | count | 近两年较重不良记录 | visits with a severe finding or a referral in 730 days
-- last_visit_on | date? | 最近检查日期 | last visit
-- days_since_visit | days? | 距上次检查天数 | days since the last visit
-- days_since_finding | days? | 距上次发现问题天数 | days since a visit with a finding
-- days_since_severe | days? | 距上次严重问题天数 | days since a visit with a severe finding
-- last_finding_count | count? | 上次问题数 | findings at the last visit
-- was_last_severe | boolean? | 上次有严重问题 | the last visit had a severe finding
-- clean_streak_count | count? | 连续无严重问题次数 | visits in a row without a severe finding, up to the last
-- finding_trend | number? | 每次问题数变化 | findings per visit of the last 365 days less those of the 365 days before
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
        date_diff('day', patrol.visited_on, night.as_of_on) as age_days,
        date_diff('day', patrol.known_on, night.as_of_on) as entered_age_days,
        row_number() over (
            partition by night.merchant_id, night.as_of_on order by patrol.visited_on desc, patrol.patrol_id desc
        ) as visits_back
    from core.merchant_night as night
    inner join core.patrol
        on patrol.merchant_id = night.merchant_id and patrol.known_on <= night.as_of_on
),

total as (
    select
        merchant_id,
        as_of_on,
        count(*) filter (where age_days < 365) as visit_count_365,
        count(*) filter (where age_days < 730) as visit_count_730,
        count(*) filter (where age_days < 730 and was_inspected) as inspected_count_730,
        count(*) filter (where age_days < 365 and was_inspected) as inspected_count_365,
        count(*) filter (where entered_age_days < 365 and was_inspected) as entered_visit_count_365,
        count(*) filter (where entered_age_days < 365 and is_severe) as entered_severe_visit_count_365,
        coalesce(cast(sum(finding_count) filter (where age_days < 730) as bigint), 0) as finding_count_730,
        coalesce(cast(sum(finding_count) filter (where age_days < 365) as bigint), 0) as finding_count_365,
        max(finding_count) filter (where age_days < 730 and was_inspected) as finding_most_730,
        -- summed as decimals: an exact sum is the same in whatever order the threads add it
        cast(sum(cast(finding_count * exp(-ln(2) * age_days / 180) as decimal(18, 6))) as double) as finding_decayed_180,
        count(*) filter (where age_days < 365 and is_severe) as severe_visit_count_365,
        count(*) filter (where age_days < 730 and is_severe) as severe_visit_count_730,
        cast(
            sum(cast(exp(-ln(2) * age_days / 180) as decimal(18, 6))) filter (where is_severe) as double
        ) as severe_visit_decayed_180,
        cast(
            sum(cast(exp(-ln(2) * age_days / 730) as decimal(18, 6))) filter (where is_severe) as double
        ) as severe_visit_decayed_730,
        count(*) filter (where visit_kind = 'routine' and was_inspected) as routine_count,
        count(*) filter (where visit_kind = 'routine' and is_severe) as routine_severe_count,
        count(*) filter (where visit_kind in ('special', 'targeted') and was_inspected) as campaign_count,
        count(*) filter (where visit_kind in ('special', 'targeted') and is_severe) as campaign_severe_count,
        count(*) filter (where visit_kind = 'random' and was_inspected) as random_count,
        count(*) filter (where visit_kind = 'random' and is_severe) as random_severe_count,
        count(*) filter (where visit_kind = 'complaint' and was_inspected) as complaint_count,
        count(*) filter (where visit_kind = 'complaint' and is_severe) as complaint_severe_count,
        count(*) filter (where age_days < 730 and visit_kind = 'recheck') as recheck_count_730,
        count(*) filter (
            where age_days < 730 and visit_kind = 'recheck' and finding_count > 0
        ) as recheck_failed_count_730,
        count(*) filter (where age_days < 730 and result = 'closed_on_arrival') as closed_on_arrival_count_730,
        count(*) filter (
            where age_days < 730 and result in ('order_to_correct', 'warning', 'case_referred')
        ) as measure_count_730,
        count(*) filter (
            where age_days < 730 and result in ('order_to_correct', 'warning') and is_severe is not true
        ) as minor_record_count_730,
        count(*) filter (
            where age_days < 730 and (is_severe is true or result = 'case_referred')
        ) as severe_record_count_730,
        max(visited_on) as last_visit_on,
        min(age_days) as days_since_visit,
        min(age_days) filter (where finding_count > 0) as days_since_finding,
        min(age_days) filter (where is_severe) as days_since_severe,
        max(finding_count) filter (where visits_back = 1) as last_finding_count,
        bool_or(is_severe) filter (where visits_back = 1) as was_last_severe,
        coalesce(min(visits_back) filter (where is_severe), max(visits_back) + 1) - 1 as clean_streak_count
    from visit
    group by merchant_id, as_of_on
)

select
    night.merchant_id,
    night.as_of_on,
    coalesce(total.visit_count_365, 0) as visit_count_365,
    coalesce(total.entered_visit_count_365, 0) as entered_visit_count_365,
    coalesce(total.entered_severe_visit_count_365, 0) as entered_severe_visit_count_365,
    coalesce(total.visit_count_730, 0) as visit_count_730,
    coalesce(total.finding_count_730, 0) as finding_count_730,
    total.finding_count_730 / nullif(total.inspected_count_730, 0) as finding_per_visit_730,
    total.finding_most_730,
    coalesce(total.finding_decayed_180, 0) as finding_decayed_180,
    coalesce(total.severe_visit_count_365, 0) as severe_visit_count_365,
    coalesce(total.severe_visit_count_730, 0) as severe_visit_count_730,
    total.severe_visit_count_730 / nullif(total.inspected_count_730, 0) as severe_visit_share_730,
    coalesce(total.severe_visit_decayed_180, 0) as severe_visit_decayed_180,
    coalesce(total.severe_visit_decayed_730, 0) as severe_visit_decayed_730,
    total.routine_severe_count / nullif(total.routine_count, 0) as severe_visit_share_routine,
    total.campaign_severe_count / nullif(total.campaign_count, 0) as severe_visit_share_campaign,
    total.random_severe_count / nullif(total.random_count, 0) as severe_visit_share_random,
    total.complaint_severe_count / nullif(total.complaint_count, 0) as severe_visit_share_complaint,
    coalesce(total.recheck_count_730, 0) as recheck_count_730,
    coalesce(total.recheck_failed_count_730, 0) as recheck_failed_count_730,
    coalesce(total.closed_on_arrival_count_730, 0) as closed_on_arrival_count_730,
    coalesce(total.measure_count_730, 0) as measure_count_730,
    coalesce(total.minor_record_count_730, 0) as minor_record_count_730,
    coalesce(total.severe_record_count_730, 0) as severe_record_count_730,
    total.last_visit_on,
    total.days_since_visit,
    total.days_since_finding,
    total.days_since_severe,
    total.last_finding_count,
    total.was_last_severe,
    total.clean_streak_count,
    total.finding_count_365 / nullif(total.inspected_count_365, 0)
    - (total.finding_count_730 - total.finding_count_365)
    / nullif(total.inspected_count_730 - total.inspected_count_365, 0) as finding_trend
from core.merchant_night as night
left join total on total.merchant_id = night.merchant_id and total.as_of_on = night.as_of_on
