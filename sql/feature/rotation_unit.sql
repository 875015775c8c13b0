-- feature.rotation_unit · 轮岗机构 · institutions under their last name, where they lie, and what lies above them
-- grain: unit_id
-- unit_id | id | 机构编号 | institution
-- name | text | 机构名称 | name
-- kind | enum(bureau,station,team,office) | 机构类别 | kind of institution
-- area_id | id? | 辖区 | institution above it
-- latitude | latitude? | 纬度 | median latitude of its open merchants
-- longitude | longitude? | 经度 | median longitude of its open merchants
with place as (
    select
        directory.unit_id,
        median(merchant.latitude) as latitude,
        median(merchant.longitude) as longitude
    from core.merchant
    inner join feature.institution_directory as directory on directory.institution_id = merchant.institution_id
    where merchant.status <> 'closed' and merchant.latitude is not null and merchant.longitude is not null
    group by directory.unit_id
)

select
    directory.institution_id as unit_id,
    directory.name,
    directory.kind,
    directory.parent_id as area_id,
    place.latitude,
    place.longitude
from feature.institution_directory as directory
left join place on place.unit_id = directory.institution_id
where directory.unit_id = directory.institution_id
