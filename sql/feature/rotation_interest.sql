-- feature.rotation_interest · 任职回避 · where a merchant lies that an officer must keep away from; nothing of the merchant or the relative
-- grain: officer_id, unit_id, grid_id
-- officer_id | id | 人员编号 | officer
-- unit_id | id | 现名机构 | institution in charge of such a merchant, under its last name
-- grid_id | id | 网格编号 | grid in which it lies
select distinct patrol_recusal.officer_id, directory.unit_id, merchant.grid_id
from feature.patrol_recusal
inner join core.merchant on merchant.merchant_id = patrol_recusal.merchant_id and merchant.status <> 'closed'
inner join feature.institution_directory as directory on directory.institution_id = merchant.institution_id
