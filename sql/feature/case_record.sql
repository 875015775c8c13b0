-- feature.case_record · 案件记录事实 · one row per case on record, pending ones too: who acted, when each stage was reached, what was decided, and what came after, all as known tonight
-- grain: case_id
-- case_id | id | 案件编号 | case
-- merchant_id | id | 主体编号 | merchant concerned
-- institution_id | id | 机构编号 | institution in charge
-- unit_id | id | 现名机构 | the institution under its last name, so that a new name resets no history
-- lead_officer_id | id | 主办人员 | lead handler
-- co_officer_id | id? | 协办人员 | second handler
-- reviewer_officer_id | id? | 审核人员 | officer who reviewed
-- approver_officer_id | id? | 审批人员 | officer who approved
-- finder_officer_id | id? | 发现人员 | officer who led the visit that the case names
-- case_source | id | 案件来源 | source of the case
-- patrol_id | id? | 巡查编号 | visit that led to the case
-- violation_code | id | 违法行为代码 | violation code
-- procedure | enum(simple,ordinary) | 程序 | procedure
-- is_simple_procedure | boolean | 简易程序 | simple procedure
-- is_natural_person | boolean? | 当事人为自然人 | the party is a natural person
-- is_individual_merchant | boolean? | 个体工商户 | the merchant is an individual trader
-- industry_division | number? | 行业大类 | division of the industry code (GB/T 4754, first two digits)
-- is_key_industry | boolean? | 重点行业 | belongs to a key industry of the policy
-- discovered_on | date? | 发现日期 | discovered on
-- filed_on | date | 立案日期 | filed on
-- investigation_closed_on | date? | 调查终结日期 | investigation closed on
-- legal_reviewed_on | date? | 法制审核日期 | legal review on
-- collective_discussed_on | date? | 集体讨论日期 | collective discussion on
-- decided_on | date? | 决定日期 | decided on
-- closed_on | date? | 结案日期 | closed on
-- outcome_known_on | date? | 结果可知日期 | day on which the outcome became known
-- outcome | enum(fined,warned,no_penalty,withdrawn,terminated,transferred,pending)? | 处理结果 | outcome as known
-- legal_review_result | enum(approved,disagreed)? | 审核结果 | result of the legal review
-- discretion_tier | enum(no_penalty,mitigated,lenient,ordinary,heavy)? | 裁量等级 | discretion tier
-- amount_involved_yuan | yuan? | 涉案金额 | amount involved
-- illegal_gain_yuan | yuan? | 违法所得 | illegal gain
-- confiscated_yuan | yuan? | 没收 | confiscated
-- statutory_min_yuan | yuan? | 法定下限 | statutory minimum fine
-- statutory_max_yuan | yuan? | 法定上限 | statutory maximum fine
-- proposed_fine_yuan | yuan? | 拟罚款 | fine that the handler proposed
-- fine_yuan | yuan? | 罚款 | fine decided
-- total_yuan | yuan? | 罚没合计 | fine and confiscation together; where only one of the two is on file, that one
-- mitigation_count | count? | 从轻减轻情形数 | mitigating facts on file, empty where the column was not delivered
-- mitigation_codes | text? | 从轻减轻情形 | mitigating facts, separated by ;
-- has_exemption | boolean? | 免罚清单 | matches an entry of the exemption list
-- is_first_offence | boolean? | 是否初次 | first offence
-- was_corrected_promptly | boolean? | 是否及时改正 | corrected promptly
-- prior_penalty_count_24m | count | 前24个月处罚数 | penalties of the merchant known in the 24 months before filing
-- is_lead_certified | boolean? | 主办执法证有效 | the lead handler's certificate, as known tonight, was valid when the case was filed, empty where none is known
-- is_co_certified | boolean? | 协办执法证有效 | the second handler's likewise
-- later_finding_count | count? | 此后有问题的检查 | visits with a finding at the merchant in the $later_finding_days days after the outcome, led by neither handler; empty while the outcome is not known
with later_visit as (
    select penalty.case_id, count(*) as finding_count
    from core.penalty
    inner join core.patrol
        on patrol.merchant_id = penalty.merchant_id
        and patrol.finding_count > 0
        and date_diff('day', penalty.outcome_known_on, patrol.visited_on) between 1 and $later_finding_days
        and patrol.lead_officer_id <> penalty.lead_officer_id
        and patrol.lead_officer_id is distinct from penalty.co_officer_id
    group by penalty.case_id
)

select
    penalty.case_id,
    penalty.merchant_id,
    penalty.institution_id,
    fact.unit_id,
    penalty.lead_officer_id,
    penalty.co_officer_id,
    penalty.reviewer_officer_id,
    penalty.approver_officer_id,
    finding.lead_officer_id as finder_officer_id,
    penalty.source as case_source,
    penalty.patrol_id,
    penalty.violation_code,
    penalty.procedure,
    fact.is_simple_procedure,
    fact.is_natural_person,
    fact.is_individual_merchant,
    fact.industry_division,
    fact.is_key_industry,
    penalty.discovered_on,
    penalty.filed_on,
    penalty.investigation_closed_on,
    penalty.legal_reviewed_on,
    penalty.collective_discussed_on,
    penalty.decided_on,
    penalty.closed_on,
    penalty.outcome_known_on,
    penalty.outcome,
    penalty.legal_review_result,
    penalty.discretion_tier,
    penalty.amount_involved_yuan,
    penalty.illegal_gain_yuan,
    penalty.confiscated_yuan,
    penalty.statutory_min_yuan,
    penalty.statutory_max_yuan,
    penalty.proposed_fine_yuan,
    penalty.fine_yuan,
    case
        when penalty.fine_yuan is not null or penalty.confiscated_yuan is not null
            then coalesce(penalty.fine_yuan, 0) + coalesce(penalty.confiscated_yuan, 0)
    end as total_yuan,
    fact.mitigation_count,
    penalty.mitigation_codes,
    fact.has_exemption,
    penalty.is_first_offence,
    penalty.was_corrected_promptly,
    fact.prior_penalty_count_24m,
    lead_officer.certificate_valid_to_on >= penalty.filed_on as is_lead_certified,
    co_officer.certificate_valid_to_on >= penalty.filed_on as is_co_certified,
    case when penalty.outcome_known_on is not null then coalesce(later_visit.finding_count, 0) end as later_finding_count
from core.penalty
inner join feature.case_fact as fact on fact.case_id = penalty.case_id
left join core.patrol as finding on finding.patrol_id = penalty.patrol_id
left join core.officer as lead_officer on lead_officer.officer_id = penalty.lead_officer_id
left join core.officer as co_officer on co_officer.officer_id = penalty.co_officer_id
left join later_visit on later_visit.case_id = penalty.case_id
where penalty.filed_on > $record_start_on
