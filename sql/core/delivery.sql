-- core.delivery · 交付内容 · what the deliveries really hold: an absent column makes what depends on it not computable, never 0
-- grain: as_of_on
-- as_of_on | date | 数据截止日 | night
-- has_complaint_outcome | boolean | 有投诉结果 | complaints carry an outcome and the time of it
-- has_complainant_hash | boolean | 有投诉人摘要 | complaints carry a digest of the complainant
-- has_complaint_officer | boolean | 有被反映人 | complaints name the officer concerned
-- has_complaint_merchant | boolean | 有被投诉主体 | complaints name the merchant concerned
-- has_annual_report | boolean | 有年报记录 | annual report filings with merchant, status and date were delivered
-- has_permit | boolean | 有许可记录 | permit filings with merchant, date and end of validity were delivered
-- has_owner | boolean | 有关联人 | persons behind merchants were delivered
-- has_place | boolean | 有坐标 | merchants and complaints carry coordinates
-- has_finding_severity | boolean | 有严重问题数 | visits carry the number of severe findings
-- has_patrol | boolean | 有巡查记录 | at least one visit was delivered
-- has_penalty | boolean | 有案件 | at least one case was delivered
-- has_fine | boolean | 有罚款 | cases carry the fine
-- has_statutory_maximum | boolean | 有法定上限 | cases carry the statutory maximum
-- has_amount_involved | boolean | 有涉案金额 | cases carry the amount involved
-- has_decided_on | boolean | 有决定日期 | cases carry the day of the decision
-- has_outcome_date | boolean | 有结果日期 | cases carry the day of the decision or of the closing
-- has_mitigation | boolean | 有从轻减轻情形 | cases carry mitigating facts
-- has_exemption_code | boolean | 有免罚清单编号 | cases carry the entry of the exemption list
-- has_collective | boolean | 有集体讨论日期 | cases carry the day of the collective discussion
-- has_handler | boolean | 有承办人 | complaints name the officer who handles them
-- has_merchant | boolean | 有经营主体 | at least one merchant was delivered
-- has_merchant_closed | boolean | 有主体注销日期 | merchants carry the day on which they closed
-- has_posting_end | boolean | 有任职结束日期 | postings carry the day on which they ended
-- has_posting_grid | boolean | 有任职网格 | postings name a grid
-- has_certificate | boolean | 有执法证有效期 | officers carry the end of their enforcement certificate
-- has_leave | boolean | 有休假培训 | leave and training were delivered
-- has_recusal | boolean | 有回避 | recusals, or relatives together with persons behind merchants, were delivered
-- has_visit_time | boolean | 有检查结束时间 | visits carry the time they ended
-- has_entered_at | boolean | 有录入时间 | visits carry the time their record was entered
-- has_entered_by | boolean | 有录入人 | visits name who entered their record
-- has_visit_place | boolean | 有检查坐标 | visits carry coordinates
-- has_note_hash | boolean | 有文书摘要 | visits carry a digest of the written note
-- has_visit_filing | boolean | 有入企检查报备 | filings of visits with officer, merchant and the time of filing or of the event were delivered
-- has_case_visit | boolean | 有案件来源巡查 | cases name the visit they came from
-- has_discovered | boolean | 有发现日期 | cases carry the day of discovery
-- has_review | boolean | 有法制审核 | cases carry the day of the legal review or who reviewed
-- has_review_result | boolean | 有审核结果 | cases carry the result of the legal review
-- has_reviewer | boolean | 有审核人员 | cases name who reviewed
-- has_approver | boolean | 有审批人员 | cases name who approved
-- has_proposal | boolean | 有拟罚款 | cases carry the fine proposed
-- has_stage | boolean | 有调查终结日期 | cases carry the day the investigation closed
-- has_case_co_officer | boolean | 有协办人员 | cases name the second handler
-- has_co_officer | boolean | 有协检人员 | visits name the second officer
-- has_relation | boolean | 有亲属与关联人 | relatives declared by officers and persons behind merchants were both delivered
-- has_recusal_record | boolean | 有回避审批 | approved recusals were delivered
-- has_random_draw | boolean | 有随机抽取 | random draws with officer and merchant were delivered
-- has_agent | boolean | 有代办人 | persons behind merchants name agents
-- has_self_check | boolean | 有月排查报告 | monthly self-checks were delivered
-- has_rectification | boolean | 有整改清单 | rectification items were delivered
-- has_unlicensed_event | boolean | 有无照经营环节 | stages of unlicensed operation were delivered
with given as (
    select distinct table_name || '.' || column_name as name
    from raw.delivered_column
)
select
    cast($as_of_date as date) as as_of_on,
    count(*) filter (where name in ('complaint.outcome', 'complaint.resolved_at')) = 2 as has_complaint_outcome,
    count(*) filter (where name = 'complaint.complainant_hash') = 1 as has_complainant_hash,
    count(*) filter (where name = 'complaint.officer_id') = 1 as has_complaint_officer,
    count(*) filter (where name = 'complaint.merchant_id') = 1 as has_complaint_merchant,
    exists (select 1 from core.filing where kind = 'annual_report' and status is not null and merchant_id is not null) as has_annual_report,
    exists (select 1 from core.filing where kind = 'permit' and valid_to_on is not null and merchant_id is not null) as has_permit,
    exists (select 1 from raw.merchant_relation) as has_owner,
    count(*) filter (
        where name in ('merchant.latitude', 'merchant.longitude', 'complaint.latitude', 'complaint.longitude')
    ) = 4 as has_place,
    count(*) filter (where name = 'patrol.severe_finding_count') = 1 as has_finding_severity,
    exists (select 1 from raw.patrol) as has_patrol,
    exists (select 1 from raw.penalty) as has_penalty,
    count(*) filter (where name = 'penalty.fine_yuan') = 1 as has_fine,
    count(*) filter (where name = 'penalty.statutory_max_yuan') = 1 as has_statutory_maximum,
    count(*) filter (where name = 'penalty.amount_involved_yuan') = 1 as has_amount_involved,
    count(*) filter (where name = 'penalty.decided_on') = 1 as has_decided_on,
    count(*) filter (where name in ('penalty.decided_on', 'penalty.closed_on')) >= 1 as has_outcome_date,
    count(*) filter (where name = 'penalty.mitigation_codes') = 1 as has_mitigation,
    count(*) filter (where name = 'penalty.exemption_code') = 1 as has_exemption_code,
    count(*) filter (where name = 'penalty.collective_discussed_on') = 1 as has_collective,
    count(*) filter (where name = 'complaint.handler_officer_id') = 1 as has_handler,
    exists (select 1 from raw.merchant) as has_merchant,
    count(*) filter (where name = 'merchant.closed_on') = 1 as has_merchant_closed,
    count(*) filter (where name = 'posting.ended_on') = 1 as has_posting_end,
    count(*) filter (where name = 'posting.grid_id') = 1 as has_posting_grid,
    count(*) filter (where name = 'officer.certificate_valid_to_on') = 1 as has_certificate,
    count(*) filter (where name = 'leave.officer_id') = 1 as has_leave,
    count(*) filter (where name = 'recusal.officer_id') = 1
    or count(*) filter (where name in ('declared_relative.person_hash', 'merchant_relation.person_hash')) = 2
        as has_recusal,
    count(*) filter (where name = 'patrol.ended_at') = 1 as has_visit_time,
    count(*) filter (where name = 'patrol.entered_at') = 1 as has_entered_at,
    count(*) filter (where name = 'patrol.entered_by') = 1 as has_entered_by,
    count(*) filter (where name in ('patrol.latitude', 'patrol.longitude')) = 2 as has_visit_place,
    count(*) filter (where name = 'patrol.note_hash') = 1 as has_note_hash,
    exists (
        select 1
        from core.filing
        where
            kind = 'visit'
            and officer_id is not null
            and merchant_id is not null
            and (filed_at is not null or event_at is not null)
    ) as has_visit_filing,
    count(*) filter (where name = 'penalty.patrol_id') = 1 as has_case_visit,
    count(*) filter (where name = 'penalty.discovered_on') = 1 as has_discovered,
    count(*) filter (where name in ('penalty.legal_reviewed_on', 'penalty.reviewer_officer_id')) >= 1 as has_review,
    count(*) filter (where name = 'penalty.legal_review_result') = 1 as has_review_result,
    count(*) filter (where name = 'penalty.reviewer_officer_id') = 1 as has_reviewer,
    count(*) filter (where name = 'penalty.approver_officer_id') = 1 as has_approver,
    count(*) filter (where name = 'penalty.proposed_fine_yuan') = 1 as has_proposal,
    count(*) filter (where name = 'penalty.investigation_closed_on') = 1 as has_stage,
    count(*) filter (where name = 'penalty.co_officer_id') = 1 as has_case_co_officer,
    count(*) filter (where name = 'patrol.co_officer_id') = 1 as has_co_officer,
    count(*) filter (where name in ('declared_relative.person_hash', 'merchant_relation.person_hash')) = 2 as has_relation,
    count(*) filter (where name = 'recusal.recusal_id') = 1 as has_recusal_record,
    count(*) filter (where name in ('random_draw.officer_id', 'random_draw.merchant_id')) = 2 as has_random_draw,
    exists (select 1 from raw.merchant_relation where relation = 'agent') as has_agent,
    count(*) filter (where name = 'self_check.institution_id') = 1 as has_self_check,
    count(*) filter (where name = 'rectification.item_id') = 1 as has_rectification,
    count(*) filter (where name = 'unlicensed_event.stage') = 1 as has_unlicensed_event
from given
