-- core.unlicensed_event · 无照经营环节 · stages of unlicensed operation that had been reached by $as_of_date
-- grain: merchant_id, stage, occurred_at
-- merchant_id | id | 主体编号 | merchant
-- stage | enum(patrol,found,recorded,disposed,rechecked,copied,investigated,reported_back) | 环节 | stage reached
-- occurred_at | timestamp | 发生时间 | reached at
-- occurred_on | date | 发生日期 | day on which it was reached
-- officer_id | id? | 人员编号 | officer who acted
-- disposal | text? | 处置 | disposal
select merchant_id, stage, occurred_at, cast(occurred_at as date) as occurred_on, officer_id, disposal
from raw.unlicensed_event
where cast(occurred_at as date) <= $as_of_date
