-- feature.merchant_agent · 代办人 · agents of merchants, and how many merchants each serves
-- grain: merchant_id, person_hash
-- merchant_id | id | 主体编号 | merchant
-- person_hash | id | 人员摘要 | digest of the agent
-- from_on | date? | 起始日期 | from, empty where it is not known
-- to_on | date? | 终止日期 | to, empty while it lasts
-- merchant_count | count | 代办主体数 | merchants that this agent serves or has served
select
    merchant_id,
    person_hash,
    from_on,
    to_on,
    count(*) over (partition by person_hash) as merchant_count
from core.merchant_relation
where relation = 'agent'
