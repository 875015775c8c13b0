-- feature.visit_expectation · 检查预期 · what each visit would have found at an average merchant, by what the officer who led it finds elsewhere
-- grain: patrol_id
-- patrol_id | id | 巡查编号 | visit
-- merchant_id | id | 主体编号 | merchant visited
-- visited_on | date | 检查日期 | day of the visit
-- known_on | date | 可知日期 | day from which the record can be used
-- expected_severe_share | share | 预期严重问题占比 | share of such visits at which this officer finds something severe elsewhere
-- severe_excess | number | 严重问题超出预期 | 1 where the visit found something severe, else 0, less that share
-- finding_excess | number | 问题数超出预期(对数) | logarithm of findings + 1, less that of the findings + 1 that this officer finds elsewhere

-- Only visits of the two years before are looked at, none of the same merchant: what is said of a visit does not contain
-- it. An officer is measured against the industries and kinds of visit that he had (indirect standardisation), and drawn
-- to the bureau as if he had made 20 visits more that found what all find.
with visit as (
    select
        patrol.patrol_id,
        patrol.merchant_id,
        patrol.lead_officer_id,
        patrol.visit_kind,
        merchant.industry_code,
        patrol.visited_on,
        patrol.known_on,
        date_diff('day', date '2000-01-01', patrol.known_on) as day_number,
        cast(patrol.is_severe as integer) as severe_count,
        patrol.finding_count
    from core.patrol
    inner join core.merchant on merchant.merchant_id = patrol.merchant_id
    where patrol.was_inspected and patrol.is_severe is not null
),

mixed as (
    select
        *,
        count(*) over bureau as bureau_visit_count,
        coalesce(sum(severe_count) over bureau, 0) as bureau_severe_count,
        coalesce(sum(finding_count) over bureau, 0) as bureau_finding_count,
        count(*) over kind as kind_visit_count,
        coalesce(sum(severe_count) over kind, 0) as kind_severe_count,
        coalesce(sum(finding_count) over kind, 0) as kind_finding_count,
        count(*) over cell as cell_visit_count,
        coalesce(sum(severe_count) over cell, 0) as cell_severe_count,
        coalesce(sum(finding_count) over cell, 0) as cell_finding_count
    from visit
    window
        bureau as (order by day_number range between 730 preceding and 1 preceding),
        kind as (partition by visit_kind order by day_number range between 730 preceding and 1 preceding),
        cell as (partition by visit_kind, industry_code order by day_number range between 730 preceding and 1 preceding)
),

-- one visit in twenty, and one finding at each, is the start where a bureau has no past yet
bureau_rate as (
    select
        *,
        (bureau_severe_count + 1) / (bureau_visit_count + 20) as bureau_severe_share,
        (bureau_finding_count + 20) / (bureau_visit_count + 20) as bureau_finding_rate
    from mixed
),

kind_rate as (
    select
        *,
        (kind_severe_count + 20 * bureau_severe_share) / (kind_visit_count + 20) as kind_severe_share,
        (kind_finding_count + 20 * bureau_finding_rate) / (kind_visit_count + 20) as kind_finding_rate
    from bureau_rate
),

-- decimals: an exact sum is the same in whatever order the threads add it
cell_rate as (
    select
        *,
        cast((cell_severe_count + 20 * kind_severe_share) / (cell_visit_count + 20) as decimal(18, 6)) as cell_severe_share,
        cast((cell_finding_count + 20 * kind_finding_rate) / (cell_visit_count + 20) as decimal(18, 6)) as cell_finding_rate
    from kind_rate
),

led as (
    select
        *,
        coalesce(sum(severe_count) over officer, 0) - coalesce(sum(severe_count) over own, 0) as officer_severe_count,
        coalesce(sum(finding_count) over officer, 0) - coalesce(sum(finding_count) over own, 0) as officer_finding_count,
        coalesce(sum(cell_severe_share) over officer, 0) - coalesce(sum(cell_severe_share) over own, 0) as usual_severe_count,
        coalesce(sum(cell_finding_rate) over officer, 0) - coalesce(sum(cell_finding_rate) over own, 0) as usual_finding_count
    from cell_rate
    window
        officer as (partition by lead_officer_id order by day_number range between 730 preceding and 1 preceding),
        own as (partition by lead_officer_id, merchant_id order by day_number range between 730 preceding and 1 preceding)
),

expected as (
    select
        *,
        least(
            kind_severe_share * (officer_severe_count + 20 * bureau_severe_share)
            / (cast(usual_severe_count as double) + 20 * bureau_severe_share),
            0.95
        ) as expected_severe_share,
        kind_finding_rate * (officer_finding_count + 20 * bureau_finding_rate)
        / (cast(usual_finding_count as double) + 20 * bureau_finding_rate) as expected_finding_rate
    from led
)

select
    patrol_id,
    merchant_id,
    visited_on,
    known_on,
    expected_severe_share,
    severe_count - expected_severe_share as severe_excess,
    ln((finding_count + 1) / (expected_finding_rate + 1)) as finding_excess
from expected
