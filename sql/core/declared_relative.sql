-- core.declared_relative · 亲属申报 · relatives declared by $as_of_date
-- grain: officer_id, person_hash, relation
-- officer_id | id | 人员编号 | officer
-- person_hash | id | 人员摘要 | digest of the relative
-- relation | id | 关系 | relation
-- declared_on | date | 申报日期 | declared on
select officer_id, person_hash, relation, declared_on
from raw.declared_relative
where declared_on <= $as_of_date
