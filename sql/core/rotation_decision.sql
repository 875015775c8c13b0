-- core.rotation_decision · 轮岗审定 · what management had decided on moves by $as_of_date
-- grain: decision_id
-- decision_id | id | 审定编号 | decision
-- officer_id | id | 人员编号 | officer whose move it is
-- verdict | enum(accepted,changed,declined) | 审定 | verdict
-- to_institution_id | id | 拟任机构 | institution of the move: as accepted or changed, or as declined
-- to_post | id | 拟任岗位 | post of the move
-- to_grid_id | id? | 拟任网格 | grid of the move
-- move_on | date | 轮岗日期 | day by which it is to be carried out, a day that may lie ahead
-- decided_at | timestamp | 审定时间 | decided at
-- is_superseded | boolean | 已被取代 | a later decision, itself taken by $as_of_date, takes its place
with taken as (
    select
        *,
        -- those of one second: identifiers of one officer sort as they were taken
        row_number() over (partition by officer_id order by decided_at, decision_id) as number
    from raw.rotation_decision
    where cast(decided_at as date) <= $as_of_date
)
select
    decision_id,
    officer_id,
    verdict,
    to_institution_id,
    to_post,
    to_grid_id,
    move_on,
    decided_at,
    exists (
        select 1
        from taken as later
        where later.officer_id = taken.officer_id
            and later.number > taken.number
            and (
                later.supersedes = taken.decision_id
                -- nobody goes to two places
                or (later.verdict <> 'declined' and taken.verdict <> 'declined')
                -- the last word on the same post is the one that holds
                or (later.to_institution_id = taken.to_institution_id and later.to_post = taken.to_post)
            )
    ) as is_superseded
from taken
