-- feature.draw_pair · 上次实际派出人员 · who really went to each merchant after its last random draw, substitutions counted; published as it is
-- grain: as_of, merchant_id, officer_id
-- as_of | date | 数据截止日 | night
-- merchant_id | id | 主体编号 | merchant drawn
-- officer_id | id | 人员编号 | officer sent, by lot or by hand, and not replaced since
-- draw_id | id | 抽查编号 | its last draw
-- drawn_on | date | 抽取日期 | drawn on
with moved as (
    select draw_id, merchant_id, officer_id, substitution_number, true as is_sent
    from core.draw_substitution
    union all
    select draw_id, merchant_id, replaced_officer_id, substitution_number, false
    from core.draw_substitution
    where replaced_officer_id is not null
),

last_move as (
    select draw_id, merchant_id, officer_id, is_sent
    from moved
    qualify row_number() over (partition by draw_id, merchant_id, officer_id order by substitution_number desc) = 1
),

last_draw as (
    select merchant_id, draw_id
    from core.random_draw
    qualify row_number() over (partition by merchant_id order by drawn_on desc, draw_id desc) = 1
)

select
    cast($as_of_date as date) as as_of,
    place.merchant_id,
    place.officer_id,
    place.draw_id,
    place.drawn_on
from core.random_draw as place
inner join last_draw on last_draw.merchant_id = place.merchant_id and last_draw.draw_id = place.draw_id
left join last_move
    on last_move.draw_id = place.draw_id
    and last_move.merchant_id = place.merchant_id
    and last_move.officer_id = place.officer_id
-- where nobody logged who was replaced, all that were named count as sent
where coalesce(last_move.is_sent, true)
