-- feature.officer_directory · 人员名册 · every officer known on $as_of_date and where he belongs; published as officer
-- grain: as_of, officer_id
-- as_of | date | 数据截止日 | night
-- officer_id | id | 人员编号 | officer
-- name | text? | 姓名 | name, empty where it was not delivered
-- institution_id | id | 机构编号 | institution of the post he holds tonight, else of the last that he held, else that which his record names
-- unit_id | id | 现名机构 | that institution under its last name
-- post | id? | 岗位 | post he holds tonight, empty where he holds none
-- employment_kind | enum(civil_servant,public_institution,contract,auxiliary) | 用工性质 | kind of employment
-- rank | enum(staff,deputy_head,head)? | 职务 | rank
-- joined_on | date? | 入职日期 | joined on
-- left_on | date? | 离任日期 | left on, empty while he serves
-- certificate_valid_to_on | date? | 执法证有效期至 | enforcement certificate valid to, a day that may lie ahead
-- is_serving | boolean | 在岗 | has not left and holds a post tonight
with held as (
    select
        officer_id,
        institution_id,
        unit_id,
        post,
        ended_on is null or ended_on >= $as_of_date as is_held
    from feature.officer_posting
    where clock = 'post'
    qualify row_number() over (
        partition by officer_id
        order by (ended_on is null or ended_on >= $as_of_date) desc, started_on desc, posting_id desc
    ) = 1
),

serving as (
    select officer_id
    from core.officer_night
    where as_of_on = $as_of_date
)

select
    cast($as_of_date as date) as as_of,
    officer.officer_id,
    officer.name,
    coalesce(held.institution_id, officer.institution_id) as institution_id,
    coalesce(held.unit_id, second_unit.successor_id, first_unit.successor_id, officer.institution_id) as unit_id,
    case when serving.officer_id is not null and held.is_held then held.post end as post,
    officer.employment_kind,
    officer.rank,
    officer.joined_on,
    officer.left_on,
    officer.certificate_valid_to_on,
    serving.officer_id is not null as is_serving
from core.officer
left join held on held.officer_id = officer.officer_id
left join serving on serving.officer_id = officer.officer_id
left join feature.officer_unit as first_unit on first_unit.institution_id = officer.institution_id
left join feature.officer_unit as second_unit on second_unit.institution_id = first_unit.successor_id
