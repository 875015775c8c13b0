-- core.rectification · 整改清单 · rectification items as known on $as_of_date: what is closed later is open tonight
-- grain: item_id
-- item_id | id | 整改编号 | item
-- institution_id | id | 机构编号 | institution
-- problem | text | 问题 | problem
-- measure | text? | 整改措施 | measure
-- owner_officer_id | id? | 责任人 | officer in charge
-- due_on | date | 完成时限 | due on
-- status | enum(open,done_at_once,done,overdue,reopened) | 状态 | status on $as_of_date
-- closed_on | date? | 销号日期 | closed on, empty while it is open
-- closed_by | id? | 销号人 | who closed it
-- evidence_ref | text? | 佐证材料 | evidence of completion
select
    item_id,
    institution_id,
    problem,
    measure,
    owner_officer_id,
    due_on,
    -- what will be closed or will fall due is neither tonight
    case
        when closed_on > $as_of_date then 'open'
        when status = 'overdue' and due_on >= $as_of_date then 'open'
        else status
    end as status,
    case when closed_on <= $as_of_date then closed_on end as closed_on,
    case when closed_on is null or closed_on <= $as_of_date then closed_by end as closed_by,
    case when closed_on is null or closed_on <= $as_of_date then evidence_ref end as evidence_ref
from raw.rectification
