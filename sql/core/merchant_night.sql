-- core.merchant_night · 主体与夜 · whom to describe on which night: every open merchant tonight and on the nights an evaluation begins from, and for training every visited merchant on the day before its visit, drawn ones also where nobody was met
-- grain: merchant_id, as_of_on
-- merchant_id | id | 主体编号 | merchant
-- as_of_on | date | 数据截止日 | night: only what was known by then may describe the merchant
select merchant_id, cast($as_of_date as date) as as_of_on
from core.merchant
where status <> 'closed'
union
select merchant.merchant_id, origin.as_of_on
from core.merchant
cross join (select unnest(cast($origin_nights as date[])) as as_of_on) as origin
where
    merchant.registered_on <= origin.as_of_on
    and (merchant.closed_on > origin.as_of_on or (merchant.closed_on is null and merchant.status <> 'closed'))
union
select merchant_id, cast(visited_on - interval 1 day as date) as as_of_on
from (
    select patrol.merchant_id, patrol.visited_on
    from core.patrol
    inner join core.merchant on merchant.merchant_id = patrol.merchant_id
    where patrol.was_inspected and patrol.is_severe is not null and patrol.visited_on > $training_start_on
    qualify row_number() over (order by patrol.visited_on desc, patrol.patrol_id) <= $training_row_limit
) as visited
union
select patrol.merchant_id, cast(patrol.visited_on - interval 1 day as date) as as_of_on
from core.patrol
inner join core.merchant on merchant.merchant_id = patrol.merchant_id
where patrol.visit_kind = 'random' and not patrol.was_inspected and patrol.visited_on > $training_start_on
