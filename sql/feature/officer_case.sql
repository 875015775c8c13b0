-- feature.officer_case · 案件与裁量事实 · one row per case whose outcome is known, with the facts that a fair expectation may use
-- grain: case_id
-- case_id | id | 案件编号 | case
-- lead_officer_id | id | 主办人员 | lead handler, a row label and never a feature
-- institution_id | id | 机构编号 | institution in charge, a row label and never a feature
-- unit_id | id | 现名机构 | the institution under its last name, so that a new name resets no history; a row label and never a feature
-- merchant_id | id | 主体编号 | merchant concerned, a row label and never a feature
-- filed_on | date | 立案日期 | filed on
-- outcome_known_on | date | 结果可知日期 | day on which the outcome became known
-- outcome | enum(fined,warned,no_penalty,withdrawn,terminated,transferred,pending)? | 处理结果 | outcome
-- discretion_tier | enum(no_penalty,mitigated,lenient,ordinary,heavy)? | 裁量等级 | discretion tier
-- violation_code | id | 违法行为代码 | violation code
-- case_source | id | 案件来源 | source of the case
-- is_simple_procedure | boolean | 简易程序 | simple procedure
-- is_natural_person | boolean? | 当事人为自然人 | the party is a natural person
-- is_individual_merchant | boolean? | 个体工商户 | the merchant is an individual trader
-- industry_division | number? | 行业大类 | division of the industry code (GB/T 4754, first two digits)
-- is_key_industry | boolean? | 重点行业 | belongs to a key industry of the policy
-- amount_involved_yuan | yuan? | 涉案金额 | amount involved
-- illegal_gain_yuan | yuan? | 违法所得 | illegal gain
-- statutory_min_yuan | yuan? | 法定下限 | statutory minimum fine, empty where the law sets none or none is on file
-- statutory_max_yuan | yuan? | 法定上限 | statutory maximum fine
-- fine_counted_yuan | yuan? | 计入罚款 | the handler's own: of a fined case the fine he proposed, or the one decided where no proposal is on file; 0 for a warning or no penalty; empty for other outcomes
-- fine_decided_yuan | yuan? | 决定罚款 | fine decided; 0 for a warning or no penalty; empty for other outcomes
-- fine_proposed_yuan | yuan? | 拟罚款 | fine that the handler proposed, whatever was decided; empty where none is on file
-- mitigation_count | count? | 从轻减轻情形数 | mitigating facts on file, empty where the column was not delivered
-- mitigation_codes | text? | 从轻减轻情形 | mitigating facts, separated by ;
-- has_exemption | boolean? | 免罚清单 | matches an entry of the exemption list
-- exemption_code | id? | 免罚清单编号 | entry of the exemption list
-- is_first_offence | boolean? | 是否初次 | first offence
-- was_corrected_promptly | boolean? | 是否及时改正 | corrected promptly
-- prior_penalty_count_24m | count | 前24个月处罚数 | penalties of the merchant known in the 24 months before filing
-- was_collectively_discussed | boolean? | 集体讨论 | decided after a collective discussion of the heads
-- was_review_approved | boolean? | 法制审核同意 | the legal review approved, empty where none is on file
select
    penalty.case_id,
    penalty.lead_officer_id,
    penalty.institution_id,
    fact.unit_id,
    penalty.merchant_id,
    penalty.filed_on,
    penalty.outcome_known_on,
    penalty.outcome,
    penalty.discretion_tier,
    penalty.violation_code,
    penalty.source as case_source,
    fact.is_simple_procedure,
    fact.is_natural_person,
    fact.is_individual_merchant,
    fact.industry_division,
    fact.is_key_industry,
    penalty.amount_involved_yuan,
    penalty.illegal_gain_yuan,
    penalty.statutory_min_yuan,
    penalty.statutory_max_yuan,
    case
        when penalty.outcome = 'fined' then coalesce(penalty.proposed_fine_yuan, penalty.fine_yuan)
        when penalty.outcome in ('warned', 'no_penalty') then 0.0
    end as fine_counted_yuan,
    case
        when penalty.outcome = 'fined' then penalty.fine_yuan
        when penalty.outcome in ('warned', 'no_penalty') then 0.0
    end as fine_decided_yuan,
    penalty.proposed_fine_yuan as fine_proposed_yuan,
    fact.mitigation_count,
    penalty.mitigation_codes,
    fact.has_exemption,
    penalty.exemption_code,
    penalty.is_first_offence,
    penalty.was_corrected_promptly,
    fact.prior_penalty_count_24m,
    case
        when delivery.has_collective
            then coalesce(penalty.collective_discussed_on <= penalty.outcome_known_on, false)
    end as was_collectively_discussed,
    penalty.legal_review_result = 'approved' as was_review_approved
from core.penalty
cross join core.delivery
inner join feature.case_fact as fact on fact.case_id = penalty.case_id
where penalty.outcome_known_on is not null
