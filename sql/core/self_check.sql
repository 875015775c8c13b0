-- core.self_check · 月排查零报告 · monthly self-checks reported by $as_of_date
-- grain: institution_id, month
-- institution_id | id | 机构编号 | institution
-- month | month | 月份 | month the report is about, YYYY-MM
-- reported_on | date | 报告日期 | reported on
-- problem_count | count | 问题数 | problems reported
select institution_id, month, reported_on, problem_count
from raw.self_check
where reported_on <= $as_of_date
