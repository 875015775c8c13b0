-- feature.hot_industry_coverage · 热点行业覆盖 · by hot industry, for the bureau and each institution in charge: how many of its merchants campaigns have reached, against the target
-- grain: as_of, unit_kind, unit_id, hot_industry
-- as_of | date | 数据截止日 | night
-- unit_kind | enum(bureau,institution) | 单位类别 | whose merchants
-- unit_id | id | 单位编号 | institution in charge; all for the bureau
-- hot_industry | id | 热点行业 | beginning of the industry codes (GB/T 4754) that policy names
-- industry_zh | text | 行业名称 | its name in Chinese
-- industry_en | text | 行业英文名称 | its name in English
-- merchant_count | count | 主体户数 | open merchants: the denominator of both shares
-- window_start_on | date | 近一年起 | first day of the year up to the night
-- visited_count_365 | count? | 近一年已查户数 | of these, reached by a campaign in that year; empty where no visit was delivered
-- share_365 | share? | 近一年覆盖率 | visited_count_365 / merchant_count, which the target is for; lower is worse
-- half_year_start_on | date | 本半年起 | first day of the running half-year
-- visited_count_half_year | count? | 本半年已查户数 | of these, reached by a campaign since then
-- share_half_year | share? | 本半年覆盖率 | visited_count_half_year / merchant_count
-- target | share | 目标 | target of the policy for a year
-- is_met | boolean? | 是否达标 | share_365 reaches the target
with industry as (
    select unnest($hot_industries, recursive := true)
),

held as (
    select
        institution_id,
        hot_industry,
        campaign_count_365 > 0 as is_visited_365,
        campaign_count_half_year > 0 as is_visited_half_year
    from feature.merchant_duty
    where hot_industry is not null
),

placed as (
    select 'institution' as unit_kind, institution_id as unit_id, * exclude (institution_id)
    from held
    union all
    select 'bureau' as unit_kind, 'all' as unit_id, * exclude (institution_id)
    from held
),

told as (
    select
        unit_kind,
        unit_id,
        hot_industry,
        count(*) as merchant_count,
        count(*) filter (where is_visited_365) as visited_count_365,
        count(*) filter (where is_visited_half_year) as visited_count_half_year
    from placed
    group by unit_kind, unit_id, hot_industry
)

select
    cast($as_of_date as date) as as_of,
    told.unit_kind,
    told.unit_id,
    told.hot_industry,
    industry.name_zh as industry_zh,
    industry.name_en as industry_en,
    told.merchant_count,
    cast($as_of_date - interval 364 day as date) as window_start_on,
    case when delivery.has_patrol then told.visited_count_365 end as visited_count_365,
    case when delivery.has_patrol then cast(told.visited_count_365 as double) / told.merchant_count end as share_365,
    cast($half_year_start_on as date) as half_year_start_on,
    case when delivery.has_patrol then told.visited_count_half_year end as visited_count_half_year,
    case when delivery.has_patrol then cast(told.visited_count_half_year as double) / told.merchant_count end
        as share_half_year,
    cast($hot_industry_target as double) as target,
    case
        when delivery.has_patrol
            then cast(told.visited_count_365 as double) / told.merchant_count >= cast($hot_industry_target as double)
    end as is_met
from told
cross join core.delivery
inner join industry on industry.prefix = told.hot_industry
