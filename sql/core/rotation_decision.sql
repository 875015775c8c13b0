-- core.rotation_decision · 轮岗审定 · what management had decided on proposed moves by $as_of_date
-- grain: decision_id
-- decision_id | id | 审定编号 | decision
-- officer_id | id | 人员编号 | officer whose move it is
-- verdict | enum(accepted,changed,declined) | 审定 | verdict
-- to_institution_id | id | 拟任机构 | institution of the move: as accepted or changed, or as declined
-- to_post | id | 拟任岗位 | post of the move
-- to_grid_id | id? | 拟任网格 | grid of the move
-- move_on | date | 轮岗日期 | day by which it is to be carried out, which may lie ahead
-- decided_at | timestamp | 审定时间 | decided at
-- is_superseded | boolean | 已被取代 | a later decision, itself taken by $as_of_date, replaces it
with taken as (
    select *
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
    exists (select 1 from taken as later where later.supersedes = taken.decision_id) as is_superseded
from taken
