-- feature.visit_expectation · 检查预期 · what each visit would have found at an average merchant, by what the officer who led it finds elsewhere
-- grain: patrol_id, half
-- patrol_id | id | 巡查编号 | visit
-- half | enum(a,b) | 半区 | half of the merchants that this helps to describe; what is expected comes from visits to the other half alone
-- merchant_id | id | 主体编号 | merchant visited
-- visited_on | date | 检查日期 | day of the visit
-- known_on | date | 可知日期 | day from which the record can be used
-- expected_severe_share | share | 预期严重问题占比 | share of such visits at which this officer finds something severe elsewhere
-- severe_excess | number | 严重问题超出预期 | 1 where the visit found something severe, else 0, less that share
-- finding_excess | number | 问题数超出预期(对数) | logarithm of findings + 1, less that of the findings + 1 that this officer finds elsewhere

-- Only visits of the two years before are looked at. Each half of the merchants is told what visits, to itself and around
-- it, found beyond what visits to the other half make one expect: what is found at a merchant moves no expectation that
-- it is judged by, and so can never come out in its favour. An officer's other visits to the merchant visited do not
-- count. He is measured against the industries and kinds of visit that he had (indirect standardisation), and drawn to
-- the bureau as if he had made 20 visits more that found what all find.
with described as (
    select *
    from (values ('a'), ('b')) as described (half)
),

visit as (
    select
        patrol.patrol_id,
        patrol.merchant_id,
        patrol.lead_officer_id,
        patrol.visit_kind,
        merchant.industry_code,
        described.half,
        patrol.visited_on,
        patrol.known_on,
        date_diff('day', date '2000-01-01', patrol.known_on) as day_number,
        cast(patrol.is_severe as integer) as severe_count,
        patrol.finding_count,
        cast(merchant.half <> described.half as integer) as weight
    from core.patrol
    inner join core.merchant on merchant.merchant_id = patrol.merchant_id
    cross join described
    where patrol.was_inspected and patrol.is_severe is not null
),

-- counted by day first: a window over days is short, one over visits is not
cell_day as (
    select
        half,
        visit_kind,
        industry_code,
        day_number,
        sum(weight) as visit_count,
        sum(weight * severe_count) as severe_count,
        sum(weight * finding_count) as finding_count
    from visit
    group by half, visit_kind, industry_code, day_number
),

cell as (
    select
        *,
        coalesce(sum(visit_count) over past, 0) as cell_visit_count,
        coalesce(sum(severe_count) over past, 0) as cell_severe_count,
        coalesce(sum(finding_count) over past, 0) as cell_finding_count
    from cell_day
    window past as (
        partition by half, visit_kind, industry_code order by day_number range between 730 preceding and 1 preceding
    )
),

kind_day as (
    select
        half,
        visit_kind,
        day_number,
        sum(visit_count) as visit_count,
        sum(severe_count) as severe_count,
        sum(finding_count) as finding_count
    from cell_day
    group by half, visit_kind, day_number
),

kind as (
    select
        half,
        visit_kind,
        day_number,
        coalesce(sum(visit_count) over past, 0) as kind_visit_count,
        coalesce(sum(severe_count) over past, 0) as kind_severe_count,
        coalesce(sum(finding_count) over past, 0) as kind_finding_count
    from kind_day
    window past as (partition by half, visit_kind order by day_number range between 730 preceding and 1 preceding)
),

bureau_day as (
    select
        half,
        day_number,
        sum(visit_count) as visit_count,
        sum(severe_count) as severe_count,
        sum(finding_count) as finding_count
    from kind_day
    group by half, day_number
),

-- one visit in twenty, and one finding at each, is the start where a bureau has no past yet
bureau as (
    select
        half,
        day_number,
        (coalesce(sum(severe_count) over past, 0) + 1) / (coalesce(sum(visit_count) over past, 0) + 20) as bureau_severe_share,
        (coalesce(sum(finding_count) over past, 0) + 20) / (coalesce(sum(visit_count) over past, 0) + 20) as bureau_finding_rate
    from bureau_day
    window past as (partition by half order by day_number range between 730 preceding and 1 preceding)
),

kind_rate as (
    select
        kind.half,
        kind.visit_kind,
        kind.day_number,
        bureau.bureau_severe_share,
        bureau.bureau_finding_rate,
        (kind.kind_severe_count + 20 * bureau.bureau_severe_share) / (kind.kind_visit_count + 20) as kind_severe_share,
        (kind.kind_finding_count + 20 * bureau.bureau_finding_rate) / (kind.kind_visit_count + 20) as kind_finding_rate
    from kind
    inner join bureau on bureau.half = kind.half and bureau.day_number = kind.day_number
),

-- decimals: an exact sum is the same in whatever order the threads add it
cell_rate as (
    select
        cell.half,
        cell.visit_kind,
        cell.industry_code,
        cell.day_number,
        rate.bureau_severe_share,
        rate.bureau_finding_rate,
        rate.kind_severe_share,
        rate.kind_finding_rate,
        cast(
            (cell.cell_severe_count + 20 * rate.kind_severe_share) / (cell.cell_visit_count + 20) as decimal(18, 6)
        ) as usual_severe,
        cast(
            (cell.cell_finding_count + 20 * rate.kind_finding_rate) / (cell.cell_visit_count + 20) as decimal(18, 6)
        ) as usual_finding
    from cell
    inner join kind_rate as rate
        on rate.half = cell.half and rate.visit_kind = cell.visit_kind and rate.day_number = cell.day_number
),

led as (
    select
        visit.*,
        rate.bureau_severe_share,
        rate.bureau_finding_rate,
        rate.kind_severe_share,
        rate.kind_finding_rate,
        rate.usual_severe,
        rate.usual_finding
    from visit
    inner join cell_rate as rate
        on rate.half = visit.half
        and rate.visit_kind = visit.visit_kind
        and rate.industry_code = visit.industry_code
        and rate.day_number = visit.day_number
),

officer_day as (
    select
        half,
        lead_officer_id,
        day_number,
        sum(weight * severe_count) as severe_count,
        sum(weight * finding_count) as finding_count,
        sum(weight * usual_severe) as usual_severe,
        sum(weight * usual_finding) as usual_finding
    from led
    group by half, lead_officer_id, day_number
),

officer as (
    select
        half,
        lead_officer_id,
        day_number,
        coalesce(sum(severe_count) over past, 0) as severe_count,
        coalesce(sum(finding_count) over past, 0) as finding_count,
        coalesce(sum(usual_severe) over past, 0) as usual_severe,
        coalesce(sum(usual_finding) over past, 0) as usual_finding
    from officer_day
    window past as (partition by half, lead_officer_id order by day_number range between 730 preceding and 1 preceding)
),

own_day as (
    select
        half,
        lead_officer_id,
        merchant_id,
        day_number,
        sum(weight * severe_count) as severe_count,
        sum(weight * finding_count) as finding_count,
        sum(weight * usual_severe) as usual_severe,
        sum(weight * usual_finding) as usual_finding
    from led
    group by half, lead_officer_id, merchant_id, day_number
),

-- what the same officer found at the same merchant is rare enough to be joined
own as (
    select
        later.half,
        later.lead_officer_id,
        later.merchant_id,
        later.day_number,
        sum(earlier.severe_count) as severe_count,
        sum(earlier.finding_count) as finding_count,
        sum(earlier.usual_severe) as usual_severe,
        sum(earlier.usual_finding) as usual_finding
    from own_day as later
    inner join own_day as earlier
        on earlier.half = later.half
        and earlier.lead_officer_id = later.lead_officer_id
        and earlier.merchant_id = later.merchant_id
        and earlier.day_number between later.day_number - 730 and later.day_number - 1
    group by later.half, later.lead_officer_id, later.merchant_id, later.day_number
),

expected as (
    select
        led.*,
        least(
            led.kind_severe_share
            * (officer.severe_count - coalesce(own.severe_count, 0) + 20 * led.bureau_severe_share)
            / (cast(officer.usual_severe - coalesce(own.usual_severe, 0) as double) + 20 * led.bureau_severe_share),
            0.95
        ) as expected_severe_share,
        led.kind_finding_rate
        * (officer.finding_count - coalesce(own.finding_count, 0) + 20 * led.bureau_finding_rate)
        / (cast(officer.usual_finding - coalesce(own.usual_finding, 0) as double) + 20 * led.bureau_finding_rate)
        as expected_finding_rate
    from led
    inner join officer
        on officer.half = led.half
        and officer.lead_officer_id = led.lead_officer_id
        and officer.day_number = led.day_number
    left join own
        on own.half = led.half
        and own.lead_officer_id = led.lead_officer_id
        and own.merchant_id = led.merchant_id
        and own.day_number = led.day_number
)

select
    patrol_id,
    half,
    merchant_id,
    visited_on,
    known_on,
    expected_severe_share,
    severe_count - expected_severe_share as severe_excess,
    ln((finding_count + 1) / (expected_finding_rate + 1)) as finding_excess
from expected
