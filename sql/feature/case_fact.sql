-- feature.case_fact · 案件事实 · one row per case, pending ones too, with what is known of it, of the party and of its past: the one home of these facts
-- grain: case_id
-- case_id | id | 案件编号 | case
-- unit_id | id | 现名机构 | the institution under its last name, so that a new name resets no history
-- is_simple_procedure | boolean | 简易程序 | simple procedure
-- is_natural_person | boolean? | 当事人为自然人 | the party is a natural person
-- is_individual_merchant | boolean? | 个体工商户 | the merchant is an individual trader
-- industry_division | number? | 行业大类 | division of the industry code (GB/T 4754, first two digits)
-- is_key_industry | boolean? | 重点行业 | belongs to a key industry of the policy
-- mitigation_count | count? | 从轻减轻情形数 | mitigating facts on file, empty where the column was not delivered
-- has_exemption | boolean? | 免罚清单 | matches an entry of the exemption list
-- prior_penalty_count_24m | count | 前24个月处罚数 | penalties of the merchant known in the 24 months before filing
with prior as (
    select penalty.case_id, count(*) as prior_penalty_count
    from core.penalty
    inner join core.penalty as earlier
        on earlier.merchant_id = penalty.merchant_id
        and earlier.case_id <> penalty.case_id
        and earlier.outcome in ('fined', 'warned')
        and earlier.outcome_known_on < penalty.filed_on
        and date_diff('day', earlier.outcome_known_on, penalty.filed_on) <= 730
    group by penalty.case_id
)
select
    penalty.case_id,
    coalesce(second_unit.successor_id, first_unit.successor_id, penalty.institution_id) as unit_id,
    penalty.procedure = 'simple' as is_simple_procedure,
    penalty.party_kind = 'natural' as is_natural_person,
    merchant.kind = 'individual' as is_individual_merchant,
    try_cast(substr(merchant.industry_code, 1, 2) as double) as industry_division,
    merchant.is_key_industry,
    case
        when not delivery.has_mitigation then null
        when penalty.mitigation_codes is null or penalty.mitigation_codes = '' then 0
        else 1 + length(penalty.mitigation_codes) - length(replace(penalty.mitigation_codes, ';', ''))
    end as mitigation_count,
    case when delivery.has_exemption_code then penalty.exemption_code is not null end as has_exemption,
    coalesce(prior.prior_penalty_count, 0) as prior_penalty_count_24m
from core.penalty
cross join core.delivery
left join core.merchant on merchant.merchant_id = penalty.merchant_id
left join prior on prior.case_id = penalty.case_id
left join feature.officer_unit as first_unit on first_unit.institution_id = penalty.institution_id
left join feature.officer_unit as second_unit on second_unit.institution_id = first_unit.successor_id
