-- feature.draw_substitution · 抽查人员替换 · substitutions after random draws and the unit they concern; published as it is
-- grain: as_of, draw_id, substitution_number
-- as_of | date | 数据截止日 | night
-- draw_id | id | 抽查编号 | draw
-- substitution_number | count | 替换序号 | number of the substitution within the draw
-- merchant_id | id | 主体编号 | merchant drawn
-- unit_id | id | 单位编号 | unit in charge of the merchant, a renamed one under its last name
-- replaced_officer_id | id? | 被替换人员编号 | officer who did not go; empty where the draw found nobody
-- officer_id | id | 人员编号 | officer who went instead
-- reason_code | id | 替换原因 | reason, as a code of the policy
-- decided_by | text | 决定人 | who decided it: a role or a staff number; for discipline officers alone
-- substituted_on | date | 替换日期 | substituted on
select
    cast($as_of_date as date) as as_of,
    substitution.draw_id,
    substitution.substitution_number,
    substitution.merchant_id,
    coalesce(place.unit_id, merchant.institution_id) as unit_id,
    substitution.replaced_officer_id,
    substitution.officer_id,
    substitution.reason_code,
    substitution.decided_by,
    substitution.substituted_on
from core.draw_substitution as substitution
inner join core.merchant on merchant.merchant_id = substitution.merchant_id
left join feature.institution_directory as place on place.institution_id = merchant.institution_id
