-- core.recusal · 回避 · recusals approved by $as_of_date
-- grain: recusal_id
-- recusal_id | id | 回避编号 | recusal
-- officer_id | id | 人员编号 | officer
-- merchant_id | id | 主体编号 | merchant he must not deal with
-- approved_on | date | 批准日期 | approved on
select recusal_id, officer_id, merchant_id, approved_on
from raw.recusal
where approved_on <= $as_of_date
