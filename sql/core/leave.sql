-- core.leave · 休假培训 · leave and training within the record that is kept of visits; leave that lies ahead is known once it is delivered
-- grain: officer_id, from_on
-- officer_id | id | 人员编号 | officer
-- from_on | date | 起始日期 | first day away
-- to_on | date | 终止日期 | last day away
select officer_id, from_on, to_on
from raw.leave
where to_on > $record_start_on
