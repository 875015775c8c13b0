-- core.posting · 任职经历 · postings that had begun by $as_of_date; an end that lies ahead is not yet a fact
-- grain: posting_id
-- posting_id | id | 任职编号 | posting
-- officer_id | id | 人员编号 | officer
-- institution_id | id | 机构编号 | institution of the posting
-- grid_id | id? | 网格编号 | grid of the posting
-- post | id | 岗位 | post
-- started_on | date | 任职开始 | posting began on
-- ended_on | date? | 任职结束 | posting ended on, empty while it lasts
-- ends_on | date? | 将结束日期 | the day ahead on which the posting will end, where it is known already
-- extension_ref | text? | 延期批准文号 | approval that extended the posting
select
    posting_id,
    officer_id,
    institution_id,
    grid_id,
    post,
    started_on,
    case when ended_on <= $as_of_date then ended_on end as ended_on,
    case when ended_on > $as_of_date then ended_on end as ends_on,
    extension_ref
from raw.posting
where started_on <= $as_of_date
