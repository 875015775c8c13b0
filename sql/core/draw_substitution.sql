-- core.draw_substitution · 抽查人员替换 · substitutions after random draws, made by $as_of_date
-- grain: draw_id, substitution_number
-- draw_id | id | 抽查编号 | draw
-- substitution_number | count | 替换序号 | number of the substitution within the draw
-- merchant_id | id | 主体编号 | merchant drawn
-- replaced_officer_id | id? | 被替换人员编号 | officer who did not go; empty where the draw found nobody
-- officer_id | id | 人员编号 | officer who went instead
-- reason_code | id | 替换原因 | reason, as a code
-- decided_by | text | 决定人 | who decided it: a role or a staff number
-- substituted_on | date | 替换日期 | substituted on
select
    draw_id,
    substitution_number,
    merchant_id,
    replaced_officer_id,
    officer_id,
    reason_code,
    decided_by,
    cast(substituted_at as date) as substituted_on
from raw.draw_substitution
where cast(substituted_at as date) <= $as_of_date
