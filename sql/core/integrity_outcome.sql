-- core.integrity_outcome · 处置结果 · integrity matters whose result was known by $as_of_date
-- grain: outcome_id
-- outcome_id | id | 处置编号 | outcome
-- officer_id | id | 人员编号 | officer
-- opened_on | date | 启动日期 | opened on
-- closed_on | date | 办结日期 | closed on, the day from which the result is known
-- result | enum(substantiated,unfounded,exonerated) | 结果 | result
select outcome_id, officer_id, opened_on, closed_on, result
from raw.integrity_outcome
where closed_on <= $as_of_date
