-- feature.declared_interest · 亲属关联主体 · merchants behind which a relative stands whom an officer has declared, as known on $as_of_date; nothing of the relative; published as it is
-- grain: as_of, officer_id, merchant_id, relation
-- as_of | date | 数据截止日 | night
-- officer_id | id | 人员编号 | officer who declared
-- merchant_id | id | 主体编号 | merchant
-- relation | enum(legal_representative,shareholder,manager,agent) | 关联类型 | what the person is to the merchant; also one that has ended, if it lasted into the records that hints rest on
select distinct
    cast($as_of_date as date) as as_of,
    relative.officer_id,
    relation.merchant_id,
    relation.relation
from core.declared_relative as relative
inner join core.merchant_relation as relation
    on relation.person_hash = relative.person_hash
    and (relation.to_on is null or relation.to_on > $record_start_on)
