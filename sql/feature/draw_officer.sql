-- feature.draw_officer · 抽查当日可派人员 · who could have been drawn on each day of a past draw: certified that day, by posting in a post that goes out
-- grain: drawn_on, institution_id, officer_id
-- drawn_on | date | 抽取日期 | day of a draw
-- institution_id | id | 机构编号 | institution of the posting
-- officer_id | id | 人员编号 | officer
select distinct
    draw.drawn_on,
    posting.institution_id,
    posting.officer_id
from (select distinct drawn_on from core.random_draw where drawn_on >= $draw_start_on) as draw
inner join core.posting
    on posting.started_on <= draw.drawn_on
    and (posting.ended_on is null or posting.ended_on >= draw.drawn_on)
inner join core.officer on officer.officer_id = posting.officer_id
where
    list_contains($draw_posts, posting.post)
    and officer.employment_kind in ('civil_servant', 'public_institution')
    and officer.certificate_valid_to_on >= draw.drawn_on
    and (officer.joined_on is null or officer.joined_on <= draw.drawn_on)
    and (officer.left_on is null or officer.left_on > draw.drawn_on)
