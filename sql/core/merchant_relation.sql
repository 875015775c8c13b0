-- core.merchant_relation · 主体关联人 · persons behind merchants from the day on which the tie began
-- grain: merchant_id, person_hash, relation
-- merchant_id | id | 主体编号 | merchant
-- person_hash | id | 人员摘要 | digest of the person
-- relation | id | 关系 | relation
-- from_on | date? | 起始日期 | from, empty where it is not known
-- to_on | date? | 终止日期 | to, empty while it lasts
select
    merchant_id,
    person_hash,
    relation,
    from_on,
    case when to_on <= $as_of_date then to_on end as to_on
from raw.merchant_relation
where from_on is null or from_on <= $as_of_date
