-- feature.patrol_roster · 巡查人员 · officers who may be sent on patrol, each in the one posting from which he goes out
-- grain: officer_id
-- officer_id | id | 人员编号 | officer
-- institution_id | id | 机构编号 | institution of the posting
-- grid_id | id? | 网格编号 | grid of the posting
-- post | id | 岗位 | post
-- is_relief | boolean | 替补岗位 | goes out only on days on which too few of a patrol post can, or in place of one who is recused
-- may_be_certified | boolean | 可持证 | civil servant or public institution: contract and auxiliary staff must not inspect (State Council General Office 2024 No. 54)
-- certificate_valid_to_on | date? | 执法证有效期至 | enforcement certificate valid to; empty: none is known
-- serves_until_on | date? | 在岗至 | last day in the posting, the day before he leaves or that on which it ends; empty: no end is known
select
    posting.officer_id,
    posting.institution_id,
    posting.grid_id,
    posting.post,
    list_contains($relief_posts, posting.post) as is_relief,
    officer.employment_kind in ('civil_servant', 'public_institution') as may_be_certified,
    officer.certificate_valid_to_on,
    least(posting.ends_on, cast(officer.leaves_on - interval 1 day as date)) as serves_until_on
from core.posting
inner join core.officer on officer.officer_id = posting.officer_id
where
    posting.ended_on is null
    and officer.left_on is null
    and list_contains(list_concat($patrol_posts, $relief_posts), posting.post)
qualify
    row_number() over (
        partition by posting.officer_id
        order by
            list_contains($relief_posts, posting.post),
            posting.grid_id is null,
            posting.started_on desc,
            posting.posting_id
    ) = 1
