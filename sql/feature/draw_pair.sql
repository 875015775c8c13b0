-- feature.draw_pair · 上次抽中人员 · whom the last random draw sent to each merchant, before anybody was substituted; published as it is
-- grain: as_of, merchant_id, officer_id
-- as_of | date | 数据截止日 | night
-- merchant_id | id | 主体编号 | merchant drawn
-- officer_id | id | 人员编号 | officer drawn
-- draw_id | id | 抽查编号 | its last draw
-- drawn_on | date | 抽取日期 | drawn on
with lot as (
    select merchant_id, officer_id, draw_id, drawn_on
    from core.random_draw
    where not coalesce(is_substituted, false)
),

last_draw as (
    select merchant_id, draw_id
    from lot
    qualify row_number() over (partition by merchant_id order by drawn_on desc, draw_id desc) = 1
)

select
    cast($as_of_date as date) as as_of,
    lot.merchant_id,
    lot.officer_id,
    lot.draw_id,
    lot.drawn_on
from lot
inner join last_draw on last_draw.merchant_id = lot.merchant_id and last_draw.draw_id = lot.draw_id
