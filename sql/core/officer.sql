-- core.officer · 执法人员 · officers who had joined by $as_of_date
-- grain: officer_id
-- officer_id | id | 人员编号 | officer
-- name | text? | 姓名 | name
-- institution_id | id | 机构编号 | institution he belongs to
-- employment_kind | enum(civil_servant,public_institution,contract,auxiliary) | 用工性质 | kind of employment
-- rank | enum(staff,deputy_head,head)? | 职务 | rank
-- certificate_valid_to_on | date? | 执法证有效期至 | enforcement certificate valid to, a day that may lie ahead
-- joined_on | date? | 入职日期 | joined on
-- left_on | date? | 离任日期 | left on, empty while he serves
-- leaves_on | date? | 将离任日期 | the day ahead on which he will leave, where it is known already
select
    officer_id,
    name,
    institution_id,
    employment_kind,
    rank,
    certificate_valid_to_on,
    joined_on,
    case when left_on <= $as_of_date then left_on end as left_on,
    case when left_on > $as_of_date then left_on end as leaves_on
from raw.officer
where joined_on is null or joined_on <= $as_of_date
