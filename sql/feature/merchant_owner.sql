-- feature.merchant_owner · 关联主体 · other merchants of the same persons, as known on the night
-- grain: merchant_id, as_of_on
-- merchant_id | id | 主体编号 | merchant
-- as_of_on | date | 数据截止日 | night
-- owner_merchant_count | count? | 同一关联人其他主体 | other merchants of the same persons
-- owner_visit_count_730 | count? | 关联主体近两年检查 | visits in 730 days to other merchants of the same persons
-- owner_severe_excess_730 | number? | 关联主体严重问题多于预期 | severe visits beyond expectation at other merchants of the same persons (as a share of those expected, drawn to 0)
-- owner_finding_excess_730 | number? | 关联主体问题数多于预期(对数) | findings beyond expectation at other merchants of the same persons (logarithm per visit, drawn to 0)
with tie as (
    select distinct merchant_id, person_hash, from_on, to_on
    from core.merchant_relation
    where relation <> 'agent'
),

related as (
    select distinct night.merchant_id, night.as_of_on, judged.half, other.merchant_id as other_merchant_id
    from core.merchant_night as night
    inner join core.merchant as judged on judged.merchant_id = night.merchant_id
    inner join tie as own
        on own.merchant_id = night.merchant_id
        and (own.from_on is null or own.from_on <= night.as_of_on)
        and (own.to_on is null or own.to_on > night.as_of_on)
    inner join tie as other
        on other.person_hash = own.person_hash
        and other.merchant_id <> own.merchant_id
        and (other.from_on is null or other.from_on <= night.as_of_on)
        and (other.to_on is null or other.to_on > night.as_of_on)
    inner join core.merchant
        on merchant.merchant_id = other.merchant_id and merchant.registered_on <= night.as_of_on
),

counted as (
    select merchant_id, as_of_on, count(*) as owner_merchant_count
    from related
    group by merchant_id, as_of_on
),

visited as (
    select
        related.merchant_id,
        related.as_of_on,
        count(*) as owner_visit_count_730,
        cast(sum(cast(visit.expected_severe_share as decimal(18, 6))) as double) as expected_severe_730,
        cast(sum(cast(visit.severe_excess as decimal(18, 6))) as double) as severe_excess_730,
        cast(sum(cast(visit.finding_excess as decimal(18, 6))) as double) as finding_excess_730
    from related
    inner join feature.visit_expectation as visit
        on visit.merchant_id = related.other_merchant_id
        and visit.half = related.half
        and visit.known_on <= related.as_of_on
        and visit.visited_on > cast(related.as_of_on - interval 730 day as date)
    group by related.merchant_id, related.as_of_on
)

select
    night.merchant_id,
    night.as_of_on,
    case when delivery.has_owner then coalesce(counted.owner_merchant_count, 0) end as owner_merchant_count,
    case when delivery.has_owner then coalesce(visited.owner_visit_count_730, 0) end as owner_visit_count_730,
    case
        when delivery.has_owner then coalesce(visited.severe_excess_730 / (visited.expected_severe_730 + 2), 0)
    end as owner_severe_excess_730,
    case
        when delivery.has_owner then coalesce(visited.finding_excess_730 / (visited.owner_visit_count_730 + 10), 0)
    end as owner_finding_excess_730
from core.merchant_night as night
cross join core.delivery
left join counted on counted.merchant_id = night.merchant_id and counted.as_of_on = night.as_of_on
left join visited on visited.merchant_id = night.merchant_id and visited.as_of_on = night.as_of_on
