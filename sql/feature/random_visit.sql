-- feature.random_visit · 随机抽查检查 · visits recorded as random checks within the days that the night describes visits of, and how each stands to the draws on record
-- grain: patrol_id
-- patrol_id | id | 巡查编号 | visit
-- merchant_id | id | 主体编号 | merchant visited
-- visited_on | date | 检查日期 | day of the visit
-- result | enum(normal,order_to_correct,warning,case_referred,closed_on_arrival,not_found) | 结果 | result
-- was_inspected | boolean | 实际检查 | someone was met and checked
-- drawn_on | date? | 抽取日期 | last draw of this merchant within $draw_visit_days days before the visit
-- is_substituted | boolean? | 是否替换 | that draw was changed by hand; empty without such a draw and where no draw says
-- standing | enum(drawn,substituted,task,without_draw) | 与抽取的关系 | drawn: by a draw by class, or no draw was on record yet; substituted: changed by hand; task: drawn for a special task, whose merchants are chosen; without_draw: draws are on record, this one is not among them
with draw as (
    select
        merchant_id,
        drawn_on,
        bool_or(is_substituted) as is_substituted
    from core.random_draw
    where task is null
    group by merchant_id, drawn_on
),

met as (
    select
        patrol.patrol_id,
        draw.drawn_on,
        draw.is_substituted
    from core.patrol
    inner join draw
        on draw.merchant_id = patrol.merchant_id
        and date_diff('day', draw.drawn_on, patrol.visited_on) between 0 and $draw_visit_days
    where patrol.visit_kind = 'random' and patrol.visited_on > $training_start_on
    qualify row_number() over (partition by patrol.patrol_id order by draw.drawn_on desc) = 1
),

tasked as (
    select distinct patrol.patrol_id
    from core.patrol
    inner join core.random_draw
        on random_draw.merchant_id = patrol.merchant_id
        and random_draw.task is not null
        and date_diff('day', random_draw.drawn_on, patrol.visited_on) between 0 and $draw_visit_days
    where patrol.visit_kind = 'random' and patrol.visited_on > $training_start_on
),

first_draw as (
    select min(drawn_on) as drawn_on
    from core.random_draw
)

select
    patrol.patrol_id,
    patrol.merchant_id,
    patrol.visited_on,
    patrol.result,
    patrol.was_inspected,
    met.drawn_on,
    met.is_substituted,
    case
        when met.is_substituted then 'substituted'
        when met.patrol_id is not null then 'drawn'
        when tasked.patrol_id is not null then 'task'
        when first_draw.drawn_on is null then 'drawn'
        when date_diff('day', first_draw.drawn_on, patrol.visited_on) <= $draw_visit_days then 'drawn'
        else 'without_draw'
    end as standing
from core.patrol
cross join first_draw
left join met on met.patrol_id = patrol.patrol_id
left join tasked on tasked.patrol_id = patrol.patrol_id
where patrol.visit_kind = 'random' and patrol.visited_on > $training_start_on
