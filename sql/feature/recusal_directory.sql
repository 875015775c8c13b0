-- feature.recusal_directory · 回避名册 · which officer must not be sent to which merchant, as known on $as_of_date; published as recusal
-- grain: as_of, officer_id, merchant_id
-- as_of | date | 数据截止日 | night
-- officer_id | id | 人员编号 | officer
-- merchant_id | id | 主体编号 | merchant he must not be sent to: by approved recusal, or because a relative he declared stands behind it
select
    cast($as_of_date as date) as as_of,
    officer_id,
    merchant_id
from feature.patrol_recusal
