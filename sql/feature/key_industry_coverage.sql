-- feature.key_industry_coverage · 重点行业实地检查 · every open merchant of a key industry, and whether it has been checked on site this year as often as policy asks
-- grain: as_of, merchant_id
-- as_of | date | 数据截止日 | night
-- merchant_id | id | 主体编号 | merchant
-- institution_id | id | 机构编号 | institution in charge
-- grid_id | id | 网格编号 | grid
-- industry_code | id | 行业代码 | industry code (GB/T 4754)
-- registered_on | date | 成立日期 | registered on
-- last_on_site_on | date? | 最近实地检查日期 | last visit, of any year, at which someone was met and checked; a closed door does not count
-- on_site_count_year | count? | 本年度实地检查次数 | such visits since 1 January; empty where no visit was delivered
-- required_count_year | count | 年度应查次数 | such visits that policy asks for in a year
-- is_visited | boolean? | 本年度已查 | it has had as many; empty where no visit was delivered
-- days_left_in_year | days | 年内剩余天数 | days from the night to 31 December
select
    duty.as_of_on as as_of,
    duty.merchant_id,
    duty.institution_id,
    duty.grid_id,
    duty.industry_code,
    duty.registered_on,
    duty.last_inspected_on as last_on_site_on,
    case when delivery.has_patrol then duty.inspected_count_year end as on_site_count_year,
    cast($key_industry_visits_per_year as bigint) as required_count_year,
    case when delivery.has_patrol then duty.inspected_count_year >= $key_industry_visits_per_year end as is_visited,
    date_diff('day', duty.as_of_on, cast($year_end_on as date)) as days_left_in_year
from feature.merchant_duty as duty
cross join core.delivery
where duty.is_key_industry
