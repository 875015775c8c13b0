-- feature.officer_visit · 人员巡查 · visits that an officer led or joined in the 12 months up to each night, against what such visits usually find
-- grain: officer_id, as_of_on
-- officer_id | id | 人员编号 | officer
-- as_of_on | date | 数据截止日 | night
-- visit_count_12m | count | 近12个月巡查次数 | visits led or joined
-- led_visit_count_12m | count | 主检次数 | visits led
-- market_visit_count_12m | count | 市场商场巡查次数 | visits in markets and malls
-- special_visit_count_12m | count | 专项检查次数 | visits of a campaign
-- random_visit_count_12m | count | 抽查次数 | visits of the random draw
-- key_industry_visit_count_12m | count | 重点行业巡查次数 | visits to key industries
-- finding_visit_count_12m | count | 发现问题次数 | visits led with at least one finding
-- expected_finding_visit_count_12m | number | 预期发现问题次数 | visits led with a finding, expected from the bureau's visits of the same kind and industry group without his own
-- severe_visit_count_12m | count? | 发现严重问题次数 | visits led with a severe finding, empty where that is not recorded
-- expected_severe_visit_count_12m | number? | 预期发现严重问题次数 | visits led with a severe finding, expected likewise
with visit as (
    select
        patrol.lead_officer_id,
        patrol.co_officer_id,
        patrol.visit_kind,
        coalesce(merchant.is_key_industry, false) as is_key_industry,
        coalesce(grid.kind in ('market', 'mall'), false) as is_market,
        night.as_of_on,
        patrol.was_inspected,
        patrol.finding_count > 0 as has_finding,
        patrol.is_severe
    from core.patrol
    inner join (select distinct as_of_on from core.officer_night) as night
        on patrol.known_on <= night.as_of_on
        and date_diff('day', patrol.visited_on, night.as_of_on) between 0 and 364
    left join core.merchant on merchant.merchant_id = patrol.merchant_id
    left join core.grid on grid.grid_id = patrol.grid_id
),
part as (
    select
        lead_officer_id as officer_id, as_of_on, visit_kind, is_key_industry, is_market,
        count(*) as visit_count,
        count(*) as led_count,
        count(*) filter (where was_inspected) as inspected_count,
        count(*) filter (where was_inspected and has_finding) as finding_count,
        count(is_severe) filter (where was_inspected) as graded_count,
        count(*) filter (where was_inspected and is_severe) as severe_count
    from visit
    group by lead_officer_id, as_of_on, visit_kind, is_key_industry, is_market
    union all
    select
        co_officer_id as officer_id, as_of_on, visit_kind, is_key_industry, is_market,
        count(*) as visit_count,
        0 as led_count,
        0 as inspected_count,
        0 as finding_count,
        0 as graded_count,
        0 as severe_count
    from visit
    where co_officer_id is not null and co_officer_id <> lead_officer_id
    group by co_officer_id, as_of_on, visit_kind, is_key_industry, is_market
),
-- what visits of the same kind to the same group of industries find at the hands of all others
usual as (
    select
        *,
        sum(inspected_count) over stratum - sum(inspected_count) over own as other_inspected_count,
        sum(finding_count) over stratum - sum(finding_count) over own as other_finding_count,
        sum(graded_count) over stratum - sum(graded_count) over own as other_graded_count,
        sum(severe_count) over stratum - sum(severe_count) over own as other_severe_count
    from part
    window
        stratum as (partition by as_of_on, visit_kind, is_key_industry),
        own as (partition by as_of_on, visit_kind, is_key_industry, officer_id)
)
-- expectations are summed as decimals: an exact sum is the same in whatever order the threads add it
select
    usual.officer_id,
    usual.as_of_on,
    cast(sum(visit_count) as bigint) as visit_count_12m,
    cast(sum(led_count) as bigint) as led_visit_count_12m,
    cast(coalesce(sum(visit_count) filter (where is_market), 0) as bigint) as market_visit_count_12m,
    cast(coalesce(sum(visit_count) filter (where visit_kind = 'special'), 0) as bigint) as special_visit_count_12m,
    cast(coalesce(sum(visit_count) filter (where visit_kind = 'random'), 0) as bigint) as random_visit_count_12m,
    cast(coalesce(sum(visit_count) filter (where is_key_industry), 0) as bigint) as key_industry_visit_count_12m,
    cast(sum(finding_count) as bigint) as finding_visit_count_12m,
    cast(coalesce(sum(cast(inspected_count * other_finding_count / cast(nullif(other_inspected_count, 0) as double) as decimal(18, 9))), 0) as double)
        as expected_finding_visit_count_12m,
    case when sum(graded_count) > 0 then cast(sum(severe_count) as bigint) end as severe_visit_count_12m,
    case
        when sum(graded_count) > 0
            then cast(coalesce(sum(cast(graded_count * other_severe_count / cast(nullif(other_graded_count, 0) as double) as decimal(18, 9))), 0) as double)
    end as expected_severe_visit_count_12m
from usual
inner join core.officer_night
    on officer_night.officer_id = usual.officer_id and officer_night.as_of_on = usual.as_of_on
group by usual.officer_id, usual.as_of_on
