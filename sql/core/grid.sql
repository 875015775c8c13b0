-- core.grid · 网格 · supervision grids
-- grain: grid_id
-- grid_id | id | 网格编号 | grid
-- institution_id | id | 机构编号 | institution in charge
-- kind | enum(market,street,village,industrial_park,mall)? | 网格类别 | kind of place
select grid_id, institution_id, kind
from raw.grid
