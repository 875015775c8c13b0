-- feature.grid_officer · 网格责任人 · who answers for a grid tonight: of the officers on a patrol post there, the one who has been there longest
-- grain: grid_id
-- grid_id | id | 网格编号 | grid
-- officer_id | id | 责任人 | officer who answers for it
-- officer_count | count | 网格人数 | officers on a patrol post there
select
    posting.grid_id,
    posting.officer_id,
    count(*) over (partition by posting.grid_id) as officer_count
from core.posting
inner join core.officer on officer.officer_id = posting.officer_id and officer.left_on is null
where
    posting.grid_id is not null
    and posting.ended_on is null
    and list_contains($patrol_posts, posting.post)
qualify row_number() over (partition by posting.grid_id order by posting.started_on, posting.posting_id) = 1
