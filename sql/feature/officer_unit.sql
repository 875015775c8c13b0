-- feature.officer_unit · 机构更名 · which institution carries on another under a new name, so that a new name resets no clock
-- grain: institution_id
-- institution_id | id | 机构编号 | institution that ended
-- successor_id | id | 继任机构 | institution that carries it on
-- changed_on | date | 更名日期 | day on which all of its officers went over
-- officer_count | count | 随转人数 | officers who went over together
with step as (
    select
        officer_id,
        institution_id,
        started_on,
        ended_on,
        lead(institution_id) over (partition by officer_id order by started_on, posting_id) as next_institution_id,
        lead(started_on) over (partition by officer_id order by started_on, posting_id) as next_started_on
    from core.posting
),
life as (
    select
        institution_id,
        min(started_on) as first_on,
        max(coalesce(ended_on, date '9999-12-31')) as last_on
    from core.posting
    group by institution_id
),
move as (
    select
        step.institution_id,
        step.next_institution_id as successor_id,
        step.next_started_on as changed_on,
        count(distinct step.officer_id) as officer_count
    from step
    inner join life as old_unit on old_unit.institution_id = step.institution_id
    inner join life as new_unit on new_unit.institution_id = step.next_institution_id
    where
        step.next_institution_id <> step.institution_id
        and step.ended_on = old_unit.last_on
        and step.next_started_on = new_unit.first_on
        and date_diff('day', step.ended_on, step.next_started_on) between 0 and 1
    group by step.institution_id, step.next_institution_id, step.next_started_on
),
leaving as (
    select step.institution_id, count(distinct step.officer_id) as officer_count
    from step
    inner join life on life.institution_id = step.institution_id and life.last_on = step.ended_on
    group by step.institution_id
)
select move.institution_id, move.successor_id, move.changed_on, move.officer_count
from move
inner join leaving on leaving.institution_id = move.institution_id and leaving.officer_count = move.officer_count
where move.officer_count >= 2
