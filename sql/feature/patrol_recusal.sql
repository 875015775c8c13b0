-- feature.patrol_recusal · 巡查回避 · which officer must not visit which merchant: by approved recusal, or because a relative he declared stands behind it
-- grain: officer_id, merchant_id
-- officer_id | id | 人员编号 | officer
-- merchant_id | id | 主体编号 | merchant
select officer_id, merchant_id
from core.recusal
union
select declared_relative.officer_id, merchant_relation.merchant_id
from core.declared_relative
inner join core.merchant_relation on merchant_relation.person_hash = declared_relative.person_hash
where merchant_relation.to_on is null
