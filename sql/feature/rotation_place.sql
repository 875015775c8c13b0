-- feature.rotation_place · 任职地点 · every place that an officer has held, posting by posting, and for how long
-- grain: posting_id
-- posting_id | id | 任职编号 | posting
-- officer_id | id | 人员编号 | officer
-- unit_id | id | 现名机构 | institution under its last name
-- post | id | 岗位 | post
-- grid_id | id? | 网格编号 | grid, empty where the posting names none
-- last_on | date | 最后任职日期 | last day there; tonight for a place that is held
-- years | years | 任职年限 | years there
select
    posting_id,
    officer_id,
    unit_id,
    post,
    grid_id,
    coalesce(ended_on, $as_of_date) as last_on,
    cast((1 + date_diff('day', started_on, coalesce(ended_on, $as_of_date))) / 365.25 as double) as years
from feature.officer_posting
where clock = 'post'
