-- feature.kin_contact · 亲属主体接触 · visits and cases in which an officer acted on a merchant that a relative he has declared stood behind that day; no name, no digest, no kind of tie
-- grain: record_table, record_id, officer_id
-- record_table | enum(patrol,penalty) | 记录表 | table of the record
-- record_id | id | 记录编号 | visit or case
-- officer_id | id | 人员编号 | officer who acted
-- role | enum(lead,co,reviewer,approver) | 角色 | what he did in it; of several, the first in this order
-- merchant_id | id | 主体编号 | merchant
-- is_declared_later | boolean | 事后申报 | declared only after he had acted
-- acted_on | date | 行为日期 | day of the visit, of filing for a handler, of the legal review for a reviewer, of the decision for an approver
-- known_on | date | 可知日期 | day from which the record and the declaration are both known
-- was_recused | boolean? | 已批准回避 | a recusal of this officer from this merchant had been approved by that day, empty where recusals were not delivered
-- recusal_approved_on | date? | 回避批准日期 | first approval of such a recusal, before that day or after it
with act as (
    select
        'patrol' as record_table, patrol_id as record_id, lead_officer_id as officer_id,
        'lead' as role, 1 as role_rank, merchant_id, visited_on as acted_on, known_on
    from core.patrol
    union all
    select
        'patrol' as record_table, patrol_id as record_id, co_officer_id as officer_id,
        'co' as role, 2 as role_rank, merchant_id, visited_on as acted_on, known_on
    from core.patrol
    union all
    select
        'penalty' as record_table, case_id as record_id, lead_officer_id as officer_id,
        'lead' as role, 1 as role_rank, merchant_id, filed_on as acted_on, filed_on as known_on
    from core.penalty
    union all
    select
        'penalty' as record_table, case_id as record_id, co_officer_id as officer_id,
        'co' as role, 2 as role_rank, merchant_id, filed_on as acted_on, filed_on as known_on
    from core.penalty
    union all
    -- whoever is named for a step that has not been taken yet has not acted
    select
        'penalty' as record_table, case_id as record_id, reviewer_officer_id as officer_id,
        'reviewer' as role, 3 as role_rank, merchant_id,
        coalesce(legal_reviewed_on, outcome_known_on) as acted_on,
        coalesce(legal_reviewed_on, outcome_known_on) as known_on
    from core.penalty
    union all
    select
        'penalty' as record_table, case_id as record_id, approver_officer_id as officer_id,
        'approver' as role, 4 as role_rank, merchant_id, outcome_known_on as acted_on, outcome_known_on as known_on
    from core.penalty
),

contact as (
    select
        act.*,
        relative.declared_on
    from act
    inner join core.declared_relative as relative on relative.officer_id = act.officer_id
    inner join core.merchant_relation as relation
        on relation.merchant_id = act.merchant_id
        and relation.person_hash = relative.person_hash
        and (relation.from_on is null or relation.from_on <= act.acted_on)
        and (relation.to_on is null or relation.to_on > act.acted_on)
    where act.acted_on > $record_start_on
    -- one row per record and officer: of several ties, the one declared first
    qualify row_number() over (
        partition by act.record_table, act.record_id, act.officer_id
        order by act.role_rank, relative.declared_on
    ) = 1
),

recused as (
    select officer_id, merchant_id, min(approved_on) as approved_on
    from core.recusal
    group by officer_id, merchant_id
)

select
    contact.record_table,
    contact.record_id,
    contact.officer_id,
    contact.role,
    contact.merchant_id,
    contact.declared_on > contact.acted_on as is_declared_later,
    contact.acted_on,
    greatest(contact.known_on, contact.declared_on) as known_on,
    case when delivery.has_recusal_record then coalesce(recused.approved_on <= contact.acted_on, false) end as was_recused,
    recused.approved_on as recusal_approved_on
from contact
cross join core.delivery
left join recused on recused.officer_id = contact.officer_id and recused.merchant_id = contact.merchant_id
