-- feature.merchant_duty · 主体检查义务 · what decides, besides its features, how an open merchant is classed tonight and which visits it is owed
-- grain: merchant_id
-- as_of_on | date | 数据截止日 | night
-- merchant_id | id | 主体编号 | merchant
-- institution_id | id | 机构编号 | institution in charge
-- grid_id | id | 网格编号 | grid it lies in
-- industry_code | id | 行业代码 | industry code (GB/T 4754)
-- is_key_industry | boolean | 重点行业 | belongs to a key industry of the policy
-- hot_industry | id? | 热点行业 | hot industry of the policy: the beginning of its industry codes, empty where it is none
-- registered_on | date | 成立日期 | registered on
-- last_inspected_on | date? | 最近实地检查日期 | last visit at which someone was met and checked, of any kind
-- inspected_count_365 | count | 近一年实地检查次数 | visits in 365 days at which someone was met and checked
-- inspected_count_year | count | 本年度实地检查次数 | such visits since 1 January
-- campaign_count_365 | count | 近一年热点行业专项检查次数 | of those in 365 days, visits of the kinds that count for hot industries
-- campaign_count_half_year | count | 本半年热点行业专项检查次数 | such visits since 1 January or 1 July
-- cap_visit_count_365 | count | 近一年计入频次的检查 | of those in 365 days, visits of the kinds that count under the yearly cap
-- cap_visit_count_year | count | 本年度计入频次的检查 | visits since 1 January at which someone was met and checked and that count under the yearly cap
-- cap_visit_count_last_year | count | 上年度计入频次的检查 | the same of the calendar year before
-- last_fact_on | date? | 最近新事实日期 | last day on which something about it became known: a visit, a complaint or its outcome, a stage of a case, a filing of its own
with visited as (
    select
        merchant_id,
        max(visited_on) as last_inspected_on,
        count(*) filter (where visited_on > cast($as_of_date - interval 365 day as date)) as inspected_count_365,
        count(*) filter (where visited_on >= $year_start_on) as inspected_count_year,
        count(*) filter (
            where
                visited_on > cast($as_of_date - interval 365 day as date)
                and list_contains($hot_industry_visit_kinds, visit_kind)
        ) as campaign_count_365,
        count(*) filter (
            where visited_on >= $half_year_start_on and list_contains($hot_industry_visit_kinds, visit_kind)
        ) as campaign_count_half_year,
        count(*) filter (
            where
                visited_on > cast($as_of_date - interval 365 day as date)
                and not list_contains($cap_exempt_visit_kinds, visit_kind)
        ) as cap_visit_count_365,
        count(*) filter (
            where visited_on >= $year_start_on and not list_contains($cap_exempt_visit_kinds, visit_kind)
        ) as cap_visit_count_year,
        count(*) filter (
            where
                visited_on >= $last_year_start_on
                and visited_on < $year_start_on
                and not list_contains($cap_exempt_visit_kinds, visit_kind)
        ) as cap_visit_count_last_year
    from core.patrol
    where was_inspected
    group by merchant_id
),

fact as (
    select merchant_id, known_on
    from core.patrol
    union all
    select merchant_id, greatest(received_on, coalesce(resolved_on, received_on)) as known_on
    from core.complaint
    where kind in ('consumer_complaint', 'violation_report')
    union all
    select
        merchant_id,
        greatest(
            filed_on,
            coalesce(legal_reviewed_on, filed_on),
            coalesce(collective_discussed_on, filed_on),
            coalesce(outcome_known_on, filed_on)
        ) as known_on
    from core.penalty
    union all
    select merchant_id, greatest(known_on, coalesce(filed_on, known_on)) as known_on
    from core.filing
    where kind in ('annual_report', 'permit')
),

known as (
    select merchant_id, max(known_on) as last_fact_on
    from fact
    group by merchant_id
)

select
    cast($as_of_date as date) as as_of_on,
    merchant.merchant_id,
    merchant.institution_id,
    merchant.grid_id,
    merchant.industry_code,
    merchant.is_key_industry,
    nullif(regexp_extract(merchant.industry_code, $hot_industry_pattern, 1), '') as hot_industry,
    merchant.registered_on,
    visited.last_inspected_on,
    coalesce(visited.inspected_count_365, 0) as inspected_count_365,
    coalesce(visited.inspected_count_year, 0) as inspected_count_year,
    coalesce(visited.campaign_count_365, 0) as campaign_count_365,
    coalesce(visited.campaign_count_half_year, 0) as campaign_count_half_year,
    coalesce(visited.cap_visit_count_365, 0) as cap_visit_count_365,
    coalesce(visited.cap_visit_count_year, 0) as cap_visit_count_year,
    coalesce(visited.cap_visit_count_last_year, 0) as cap_visit_count_last_year,
    known.last_fact_on
from core.merchant
left join visited on visited.merchant_id = merchant.merchant_id
left join known on known.merchant_id = merchant.merchant_id
where merchant.status <> 'closed'
