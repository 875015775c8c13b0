-- core.institution · 机构 · institutions of the bureau
-- grain: institution_id
-- institution_id | id | 机构编号 | institution
-- name | text | 机构名称 | name
-- kind | enum(bureau,station,team,office) | 机构类别 | kind of institution
-- parent_id | id? | 上级机构 | institution above it
-- is_rural | boolean? | 是否农村 | serves a rural area
-- station_kind | enum(bureau,team,office,station,urban_station,rural_station) | 同类机构 | peer kind: stations are told apart as urban and rural where that is known
select
    institution_id,
    name,
    kind,
    parent_id,
    is_rural,
    case
        when kind = 'station' and is_rural then 'rural_station'
        when kind = 'station' and not is_rural then 'urban_station'
        else kind
    end as station_kind
from raw.institution
