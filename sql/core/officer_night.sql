-- core.officer_night · 人员与夜 · the officers who served on tonight and on each night of the panel
-- grain: officer_id, as_of_on
-- officer_id | id | 人员编号 | officer
-- as_of_on | date | 数据截止日 | night: only what was known by then may describe the officer
with night as (
    select unnest(cast($panel_nights as date[])) as as_of_on
)
select officer.officer_id, night.as_of_on
from night
inner join core.officer
    on (officer.joined_on is null or officer.joined_on <= night.as_of_on)
    and (officer.left_on is null or officer.left_on > night.as_of_on)
where exists (
    select 1
    from core.posting
    where
        posting.officer_id = officer.officer_id
        and posting.started_on <= night.as_of_on
        and (posting.ended_on is null or posting.ended_on >= night.as_of_on)
)
