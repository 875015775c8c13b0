-- feature.repeat_complaint · 同一主体的重复反映 · complaints and reports with which a merchant reached three distinct complainants in 90 days, and what was done
-- grain: complaint_id
-- complaint_id | id | 编号 | the complaint with which the number was reached
-- merchant_id | id | 主体编号 | merchant complained of
-- handler_officer_id | id | 承办人 | officer who handles it
-- unit_id | id | 现名机构 | institution of the complaint (or of the merchant) under its last name
-- received_on | date | 接收日期 | received on
-- known_on | date | 可知日期 | day from which it can be said whether anything was done: 60 days later
-- industry_division | number? | 行业大类 | division of the industry code
-- is_key_industry | boolean? | 重点行业 | belongs to a key industry of the policy
-- is_market | boolean? | 市场商场 | lies in a market or a mall
-- was_visited | boolean | 其后已检查 | somebody inspected the merchant within 60 days
-- was_filed | boolean | 其后已立案 | a case was filed at the merchant within 60 days
-- is_upheld | boolean? | 已核属实 | the complaint was upheld or partly upheld by that day, empty where its outcome is not known
-- found_later_on | date? | 此后他人发现日期 | day from which it is known that somebody else found something severe there within 180 days
with received as (
    select
        complaint.*,
        coalesce(complaint.complainant_hash, complaint.event_ref, complaint.complaint_id) as complainant_key,
        date_diff('day', date '1970-01-01', complaint.received_on) as day_number
    from core.complaint
    where
        complaint.kind in ('consumer_complaint', 'violation_report')
        and complaint.merchant_id is not null
        and not complaint.is_duplicate
        and complaint.received_on > $record_start_on
),
-- distinct complainants of 90 days: only the latest complaint of each counts within the window
counted as (
    select one.complaint_id, count(distinct earlier.complainant_key) as complainant_count
    from received as one
    inner join received as earlier
        on earlier.merchant_id = one.merchant_id
        and earlier.day_number between one.day_number - 89 and one.day_number
    group by one.complaint_id
),
reached as (
    select
        received.*,
        lag(counted.complainant_count, 1, 0) over (
            partition by received.merchant_id order by received.received_on, received.complaint_id
        ) as count_before,
        counted.complainant_count
    from received
    inner join counted on counted.complaint_id = received.complaint_id
),
asked as (
    select *
    from reached
    where complainant_count >= 3 and count_before < 3 and handler_officer_id is not null
),
visited as (
    select distinct asked.complaint_id
    from asked
    inner join core.patrol
        on patrol.merchant_id = asked.merchant_id
        and patrol.was_inspected
        and date_diff('day', asked.received_on, patrol.visited_on) between 0 and 60
),
filed as (
    select distinct asked.complaint_id
    from asked
    inner join core.penalty
        on penalty.merchant_id = asked.merchant_id and date_diff('day', asked.received_on, penalty.filed_on) between 0 and 60
),
caught as (
    select asked.complaint_id, min(patrol.known_on) as found_later_on
    from asked
    inner join core.patrol
        on patrol.merchant_id = asked.merchant_id
        and patrol.is_severe
        and patrol.lead_officer_id <> asked.handler_officer_id
        and coalesce(patrol.co_officer_id, '') <> asked.handler_officer_id
        and date_diff('day', asked.received_on, patrol.visited_on) between 61 and 180
    group by asked.complaint_id
)
select
    asked.complaint_id,
    asked.merchant_id,
    asked.handler_officer_id,
    coalesce(
        second_unit.successor_id, first_unit.successor_id, asked.institution_id, merchant.institution_id
    ) as unit_id,
    asked.received_on,
    cast(asked.received_on + interval 60 day as date) as known_on,
    try_cast(substr(merchant.industry_code, 1, 2) as double) as industry_division,
    merchant.is_key_industry,
    grid.kind in ('market', 'mall') as is_market,
    visited.complaint_id is not null as was_visited,
    filed.complaint_id is not null as was_filed,
    case
        when asked.resolved_on <= asked.received_on + interval 60 day and asked.outcome not in ('pending', 'withdrawn', 'duplicate')
            then asked.outcome in ('upheld', 'partly_upheld')
    end as is_upheld,
    caught.found_later_on
from asked
inner join core.merchant on merchant.merchant_id = asked.merchant_id
left join core.grid on grid.grid_id = merchant.grid_id
left join feature.officer_unit as first_unit
    on first_unit.institution_id = coalesce(asked.institution_id, merchant.institution_id)
left join feature.officer_unit as second_unit on second_unit.institution_id = first_unit.successor_id
left join visited on visited.complaint_id = asked.complaint_id
left join filed on filed.complaint_id = asked.complaint_id
left join caught on caught.complaint_id = asked.complaint_id
where asked.received_on + interval 60 day <= $as_of_date
