-- core.penalty · 案件 · cases filed by $as_of_date; a stage or an outcome that lies ahead is not yet a fact
-- grain: case_id
-- case_id | id | 案件编号 | case
-- merchant_id | id | 主体编号 | merchant concerned
-- institution_id | id | 机构编号 | institution in charge
-- lead_officer_id | id | 主办人员 | lead handler
-- co_officer_id | id? | 协办人员 | second handler
-- reviewer_officer_id | id? | 审核人员 | officer who reviewed
-- approver_officer_id | id? | 审批人员 | officer who approved
-- source | id | 案件来源 | source of the case
-- patrol_id | id? | 巡查编号 | visit that led to the case
-- violation_code | id | 违法行为代码 | violation code
-- procedure | enum(simple,ordinary) | 程序 | procedure
-- party_kind | enum(natural,legal)? | 当事人类别 | kind of party
-- discovered_on | date? | 发现日期 | discovered on
-- filed_on | date | 立案日期 | filed on
-- investigation_closed_on | date? | 调查终结日期 | investigation closed on
-- outcome_known_on | date? | 结果可知日期 | day on which the outcome became known: decision, or closing where there was none
-- outcome | enum(fined,warned,no_penalty,withdrawn,terminated,transferred,pending)? | 处理结果 | outcome as known, empty where the delivery does not say when it became known
-- legal_reviewed_on | date? | 法制审核日期 | legal review on
-- collective_discussed_on | date? | 集体讨论日期 | collective discussion on
-- decided_on | date? | 决定日期 | decided on
-- closed_on | date? | 结案日期 | closed on
-- legal_review_result | enum(approved,disagreed)? | 审核结果 | result of the legal review
-- discretion_tier | enum(no_penalty,mitigated,lenient,ordinary,heavy)? | 裁量等级 | discretion tier
-- amount_involved_yuan | yuan? | 涉案金额 | amount involved
-- illegal_gain_yuan | yuan? | 违法所得 | illegal gain
-- statutory_min_yuan | yuan? | 法定下限 | statutory minimum fine
-- statutory_max_yuan | yuan? | 法定上限 | statutory maximum fine
-- proposed_fine_yuan | yuan? | 拟罚款 | fine that the handler proposed, known from the outcome on
-- fine_yuan | yuan? | 罚款 | fine decided
-- confiscated_yuan | yuan? | 没收 | confiscated, known from the outcome on
-- is_first_offence | boolean? | 是否初次 | first offence
-- was_corrected_promptly | boolean? | 是否及时改正 | corrected promptly
-- mitigation_codes | text? | 从轻减轻情形 | mitigating facts, separated by ;
-- exemption_code | id? | 免罚清单编号 | entry of the exemption list
with filed as (
    select
        *,
        coalesce(decided_on, closed_on) as outcome_on,
        coalesce(decided_on, closed_on) <= $as_of_date as is_outcome_known
    from raw.penalty
    where filed_on <= $as_of_date
)
select
    case_id,
    merchant_id,
    institution_id,
    lead_officer_id,
    co_officer_id,
    reviewer_officer_id,
    approver_officer_id,
    source,
    patrol_id,
    violation_code,
    procedure,
    party_kind,
    case when discovered_on <= $as_of_date then discovered_on end as discovered_on,
    filed_on,
    case when investigation_closed_on <= $as_of_date then investigation_closed_on end as investigation_closed_on,
    case when is_outcome_known then outcome_on end as outcome_known_on,
    case
        when outcome = 'pending' then 'pending'
        when outcome_on is null then null
        when is_outcome_known then outcome
        else 'pending'
    end as outcome,
    case when legal_reviewed_on <= $as_of_date then legal_reviewed_on end as legal_reviewed_on,
    case when collective_discussed_on <= $as_of_date then collective_discussed_on end as collective_discussed_on,
    case when decided_on <= $as_of_date then decided_on end as decided_on,
    case when closed_on <= $as_of_date then closed_on end as closed_on,
    case when legal_reviewed_on <= $as_of_date then legal_review_result end as legal_review_result,
    case when is_outcome_known then discretion_tier end as discretion_tier,
    amount_involved_yuan,
    illegal_gain_yuan,
    statutory_min_yuan,
    statutory_max_yuan,
    case when is_outcome_known then proposed_fine_yuan end as proposed_fine_yuan,
    case when is_outcome_known then fine_yuan end as fine_yuan,
    case when is_outcome_known then confiscated_yuan end as confiscated_yuan,
    is_first_offence,
    was_corrected_promptly,
    mitigation_codes,
    case when is_outcome_known then exemption_code end as exemption_code
from filed
