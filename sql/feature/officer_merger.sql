-- feature.officer_merger · 机构并入 · institutions that ended and whose officers all went over to one that was there before: a merger resets no clock
-- grain: unit_id
-- unit_id | id | 并入机构 | institution that ended, under its last name
-- successor_id | id | 承继机构 | institution that took its officers in, under its last name
-- changed_on | date | 并入日期 | day on which all of its officers went over
-- officer_count | count | 随转人数 | officers who went over together
with named as (
    select
        posting.officer_id,
        posting.posting_id,
        posting.started_on,
        posting.ended_on,
        coalesce(second_unit.successor_id, first_unit.successor_id, posting.institution_id) as unit_id
    from core.posting
    left join feature.officer_unit as first_unit on first_unit.institution_id = posting.institution_id
    left join feature.officer_unit as second_unit on second_unit.institution_id = first_unit.successor_id
),

step as (
    select
        officer_id,
        unit_id,
        ended_on,
        lead(unit_id) over (partition by officer_id order by started_on, posting_id) as next_unit_id,
        lead(started_on) over (partition by officer_id order by started_on, posting_id) as next_started_on
    from named
),

life as (
    select unit_id, min(started_on) as first_on, max(coalesce(ended_on, date '9999-12-31')) as last_on
    from named
    group by unit_id
),

leaving as (
    select step.unit_id, count(distinct step.officer_id) as officer_count
    from step
    inner join life on life.unit_id = step.unit_id and life.last_on = step.ended_on
    group by step.unit_id
),

move as (
    select
        step.unit_id,
        step.next_unit_id as successor_id,
        step.next_started_on as changed_on,
        count(distinct step.officer_id) as officer_count
    from step
    inner join life as old_unit on old_unit.unit_id = step.unit_id and old_unit.last_on = step.ended_on
    inner join life as new_unit on new_unit.unit_id = step.next_unit_id and new_unit.first_on < step.next_started_on
    where
        step.next_unit_id <> step.unit_id
        and date_diff('day', step.ended_on, step.next_started_on) between 0 and 1
        and new_unit.last_on > step.next_started_on
    group by step.unit_id, step.next_unit_id, step.next_started_on
)

select move.unit_id, move.successor_id, move.changed_on, move.officer_count
from move
inner join leaving on leaving.unit_id = move.unit_id and leaving.officer_count = move.officer_count
where move.officer_count >= 2
