-- core.merchant · 经营主体 · merchants registered by $as_of_date; a closure that lies ahead is not yet a fact
-- grain: merchant_id
-- merchant_id | id | 主体编号 | merchant
-- name | text? | 名称 | name of the firm; empty of a merchant without a licence, which has no firm name and may bear a person's
-- kind | enum(individual,company,cooperative,branch,unlicensed) | 主体类型 | kind of merchant
-- industry_code | id | 行业代码 | industry code (GB/T 4754)
-- institution_id | id | 机构编号 | institution in charge
-- grid_id | id | 网格编号 | grid it lies in
-- registered_on | date | 成立日期 | registered on
-- closed_on | date? | 注销日期 | closed on, empty while it is open
-- status | enum(active,suspended,revoked,closed,unlicensed) | 状态 | status on $as_of_date
-- registered_capital_yuan | yuan? | 注册资本 | registered capital
-- latitude | degree? | 纬度 | latitude
-- longitude | degree? | 经度 | longitude
-- credit_risk_class | enum(A,B,C,D)? | 信用风险分类 | credit risk class as delivered; since when it holds is not recorded
-- is_key_industry | boolean | 重点行业 | belongs to a key industry of the policy
-- half | enum(a,b) | 半区 | half of all merchants that it falls into as if by lot: each half is measured by what the other one shows
select
    merchant_id,
    case when kind <> 'unlicensed' then name end as name,
    kind,
    industry_code,
    institution_id,
    grid_id,
    registered_on,
    case when closed_on <= $as_of_date then closed_on end as closed_on,
    case
        when closed_on <= $as_of_date then 'closed'
        when status = 'closed' and closed_on > $as_of_date then 'active'
        else status
    end as status,
    registered_capital_yuan,
    latitude,
    longitude,
    credit_risk_class,
    regexp_matches(industry_code, $key_industry_pattern) as is_key_industry,
    case when md5(merchant_id) < '8' then 'a' else 'b' end as half
from raw.merchant
where registered_on <= $as_of_date
