-- feature.merchant_directory · 主体名册 · merchants registered by $as_of_date, closed ones too; published as merchant
-- grain: as_of, merchant_id
-- as_of | date | 数据截止日 | night
-- merchant_id | id | 主体编号 | merchant
-- name | text? | 名称 | name of the firm, that of an individual merchant too; empty where there is no licence or no name was delivered
-- kind | enum(individual,company,cooperative,branch,unlicensed) | 主体类型 | kind of merchant
-- industry_code | id | 行业代码 | industry code (GB/T 4754)
-- institution_id | id | 机构编号 | institution in charge
-- grid_id | id | 网格编号 | grid it lies in
-- status | enum(active,suspended,revoked,closed,unlicensed) | 状态 | status tonight
-- registered_on | date | 成立日期 | registered on
-- credit_risk_class | enum(A,B,C,D)? | 信用风险分类 | credit-risk class as delivered; empty where none was, never that of the patrol tier
select
    cast($as_of_date as date) as as_of,
    merchant_id,
    name,
    kind,
    industry_code,
    institution_id,
    grid_id,
    status,
    registered_on,
    credit_risk_class
from core.merchant
