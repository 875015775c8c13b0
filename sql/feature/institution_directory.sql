-- feature.institution_directory · 机构名册 · institutions of the bureau and who serves there tonight; published as institution
-- grain: as_of, institution_id
-- as_of | date | 数据截止日 | night
-- institution_id | id | 机构编号 | institution
-- name | text | 机构名称 | name
-- kind | enum(bureau,station,team,office) | 机构类别 | kind of institution
-- parent_id | id? | 上级机构 | institution above it
-- unit_id | id | 现名机构 | the institution under its last name: another one where all its officers went over to that
-- is_rural | boolean? | 是否农村 | serves a rural area
-- officer_count | count | 在岗人数 | officers who serve there tonight; of an institution that was only renamed, those of its last name
with serving as (
    select unit_id, count(*) as officer_count
    from feature.officer_directory
    where is_serving
    group by unit_id
),

named as (
    select
        institution.*,
        coalesce(second_unit.successor_id, first_unit.successor_id, institution.institution_id) as unit_id
    from core.institution
    left join feature.officer_unit as first_unit on first_unit.institution_id = institution.institution_id
    left join feature.officer_unit as second_unit on second_unit.institution_id = first_unit.successor_id
)

select
    cast($as_of_date as date) as as_of,
    named.institution_id,
    named.name,
    named.kind,
    named.parent_id,
    named.unit_id,
    named.is_rural,
    case when named.unit_id = named.institution_id then coalesce(serving.officer_count, 0) else 0 end as officer_count
from named
left join serving on serving.unit_id = named.institution_id
