-- feature.rotation_staff · 轮岗人员 · everybody who serves tonight, the place he holds, and what a move of his must respect
-- grain: officer_id
-- officer_id | id | 人员编号 | officer
-- institution_id | id | 机构编号 | institution of the posting, as it is named there
-- unit_id | id | 现名机构 | institution under its last name
-- post | id | 岗位 | post held
-- grid_id | id? | 网格编号 | grid of the posting
-- since_on | date | 到岗日期 | first day in this institution, post and grid, short gaps merged
-- is_extended | boolean | 有延期批准 | an approval of extension is on file for the posting
-- may_be_certified | boolean | 可持证 | civil servant or public institution: contract and auxiliary staff must not inspect (State Council General Office 2024 No. 54)
-- certificate_valid_to_on | date? | 执法证有效期至 | enforcement certificate valid to; empty: none is known
-- rank | enum(staff,deputy_head,head)? | 职务 | rank
-- leaves_on | date? | 将离任日期 | the day ahead on which he will leave, where it is known; the end of a posting is none, for another may follow
-- handled_case_count | count | 主办结案数 | cases of which he was the lead and whose outcome is known
with held as (
    select posting_id, officer_id, institution_id, unit_id, post, grid_id, extension_ref
    from feature.officer_posting
    where clock = 'post' and ended_on is null
    qualify row_number() over (partition by officer_id order by started_on desc, posting_id desc) = 1
),

arrived as (
    select posting_id, max(tenure_began_on) as since_on
    from feature.officer_posting
    where clock <> 'area'
    group by posting_id
),

handled as (
    select lead_officer_id, count(*) as handled_case_count
    from core.penalty
    where outcome_known_on is not null
    group by lead_officer_id
)

select
    held.officer_id,
    held.institution_id,
    held.unit_id,
    held.post,
    held.grid_id,
    arrived.since_on,
    held.extension_ref is not null as is_extended,
    officer.employment_kind in ('civil_servant', 'public_institution') as may_be_certified,
    officer.certificate_valid_to_on,
    officer.rank,
    officer.leaves_on,
    coalesce(handled.handled_case_count, 0) as handled_case_count
from held
inner join arrived on arrived.posting_id = held.posting_id
inner join core.officer on officer.officer_id = held.officer_id and officer.left_on is null
left join handled on handled.lead_officer_id = held.officer_id
