-- core.random_draw · 随机抽查 · random draws held by $as_of_date
-- grain: draw_id, merchant_id, officer_id
-- draw_id | id | 抽查编号 | draw
-- merchant_id | id | 主体编号 | merchant drawn
-- officer_id | id | 人员编号 | officer drawn
-- drawn_on | date | 抽取日期 | drawn on
-- seed | text? | 随机种子 | seed
-- task | id? | 专项任务 | special task; empty for a draw by class
-- is_substituted | boolean? | 是否替换 | substituted by hand
select draw_id, merchant_id, officer_id, drawn_on, seed, task, is_substituted
from raw.random_draw
where drawn_on <= $as_of_date
