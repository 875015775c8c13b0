-- core.decision · 复核结论 · decisions that reviewers had taken by $as_of_date
-- grain: decision_id
-- decision_id | id | 结论编号 | decision
-- flag_key | id | 疑点标识 | hint, the same night after night
-- subject_kind | enum(officer,institution,pair,case) | 对象类别 | kind of subject
-- subject_id | id | 对象编号 | subject
-- family | id | 疑点类型 | family of the hint
-- outcome | enum(needs_information,explained,process_correction,transferred_to_lead,exonerated) | 结论 | outcome
-- decided_at | timestamp | 作出时间 | decided at
-- reviewer_hash | id | 复核人摘要 | digest of the reviewer
-- is_superseded | boolean | 已被取代 | a later decision, itself taken by $as_of_date, corrects it
with taken as (
    select *
    from raw.decision
    where cast(decided_at as date) <= $as_of_date
)
select
    decision_id,
    flag_key,
    subject_kind,
    subject_id,
    family,
    outcome,
    decided_at,
    reviewer_hash,
    exists (select 1 from taken as later where later.supersedes = taken.decision_id) as is_superseded
from taken
