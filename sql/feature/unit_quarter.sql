-- feature.unit_quarter · 单位季度计数 · what a unit, or the small units below one together, recorded in a quarter, and how many officers it rests on; counts of a quarter that runs still, or that began before the first record of its kind, are empty
-- grain: institution_id, scope, quarter_start_on
-- institution_id | id | 机构编号 | institution, a renamed one under its last name
-- scope | enum(own,small_units) | 口径 | its own records, not of those below it; or all its units below that have too few officers, together
-- quarter_start_on | date | 季度起 | first day of the quarter
-- quarter_end_on | date | 季度止 | last day of the quarter
-- is_complete | boolean | 季度已结束 | the quarter has ended
-- officer_count | count | 任职人数 | officers who held a post there on at least one day of the quarter
-- visit_count | count? | 检查数 | visits
-- visiting_officer_count | count? | 检查人数 | officers who led them
-- filed_visit_count | count? | 已报备检查数 | visits with a filing that was neither rejected nor missing; empty where no filings of visits were delivered
-- inspected_count | count? | 实际检查数 | visits that met someone
-- inspecting_officer_count | count? | 实际检查人数 | officers who led these
-- finding_visit_count | count? | 有问题检查数 | of these, with a finding
-- severe_visit_count | count? | 有严重问题检查数 | of these, with a severe finding; empty where severity was not delivered
-- referred_visit_count | count? | 移送立案检查数 | of these, referred for a case
-- case_count | count? | 立案数 | cases filed
-- decided_count | count? | 办结数 | cases whose outcome became known, dropped ones among them
-- deciding_officer_count | count? | 办结人数 | officers who led these
-- fined_count | count? | 罚款数 | of these, fined
-- no_penalty_count | count? | 不予处罚数 | of these, no penalty
-- dropped_count | count? | 撤案终止数 | of these, withdrawn or terminated
-- dated_count | count? | 有决定日期数 | of these, with the day of a decision
-- dated_officer_count | count? | 有决定日期人数 | officers who led the latter
-- median_days_to_decision | number? | 决定天数中位数 | median days from filing to the decision
-- complaint_count | count? | 被反映件数 | feedback on service and complaints about handling, duplicates left out; accusations never
-- complainant_count | count? | 反映人数 | distinct complainants of these
with began as (
    select
        (select min(visited_on) from core.patrol) as visit_on,
        (select min(filed_on) from core.penalty) as case_on,
        (select min(received_on) from core.complaint) as complaint_on
),

-- every name of a unit that its records may bear
told as (
    select
        directory.institution_id as named_id,
        unit_group.institution_id,
        unit_group.scope,
        unit_group.quarter_start_on,
        unit_group.quarter_end_on
    from feature.unit_group
    inner join feature.institution_directory as directory on directory.unit_id = unit_group.unit_id
    where unit_group.institution_id is not null and unit_group.is_complete
),

served as (
    select
        unit_group.institution_id,
        unit_group.scope,
        unit_group.quarter_start_on,
        unit_group.quarter_end_on,
        unit_group.is_complete,
        count(distinct officer.officer_id) as officer_count
    from feature.unit_group
    left join feature.officer_posting as posting
        on posting.unit_id = unit_group.unit_id
        and posting.clock = 'post'
        and posting.started_on <= unit_group.quarter_end_on
        and (posting.ended_on is null or posting.ended_on >= unit_group.quarter_start_on)
    left join core.officer
        on officer.officer_id = posting.officer_id
        and (officer.left_on is null or officer.left_on > unit_group.quarter_start_on)
    where unit_group.institution_id is not null
    group by
        unit_group.institution_id,
        unit_group.scope,
        unit_group.quarter_start_on,
        unit_group.quarter_end_on,
        unit_group.is_complete
),

recorded as (
    select
        institution_id,
        lead_officer_id,
        visited_on,
        result,
        finding_count,
        is_severe,
        was_inspected,
        exists (
            select 1
            from feature.filed_visit
            where filed_visit.patrol_id = patrol.patrol_id and filed_visit.is_accepted
        ) as is_filed
    from core.patrol
),

visit as (
    select
        told.institution_id,
        told.scope,
        told.quarter_start_on,
        count(*) as visit_count,
        count(distinct patrol.lead_officer_id) as visiting_officer_count,
        count(*) filter (where patrol.is_filed) as filed_visit_count,
        count(*) filter (where patrol.was_inspected) as inspected_count,
        count(distinct patrol.lead_officer_id) filter (where patrol.was_inspected) as inspecting_officer_count,
        count(*) filter (where patrol.was_inspected and patrol.finding_count > 0) as finding_visit_count,
        count(*) filter (where patrol.was_inspected and patrol.is_severe) as severe_visit_count,
        count(*) filter (where patrol.was_inspected and patrol.result = 'case_referred') as referred_visit_count
    from told
    inner join recorded as patrol
        on patrol.institution_id = told.named_id
        and patrol.visited_on between told.quarter_start_on and told.quarter_end_on
    group by told.institution_id, told.scope, told.quarter_start_on
),

filed_case as (
    select told.institution_id, told.scope, told.quarter_start_on, count(*) as case_count
    from told
    inner join core.penalty
        on penalty.institution_id = told.named_id
        and penalty.filed_on between told.quarter_start_on and told.quarter_end_on
    group by told.institution_id, told.scope, told.quarter_start_on
),

decided as (
    select
        told.institution_id,
        told.scope,
        told.quarter_start_on,
        count(*) as decided_count,
        count(distinct penalty.lead_officer_id) as deciding_officer_count,
        count(*) filter (where penalty.outcome = 'fined') as fined_count,
        count(*) filter (where penalty.outcome = 'no_penalty') as no_penalty_count,
        count(*) filter (where penalty.outcome in ('withdrawn', 'terminated')) as dropped_count,
        count(penalty.decided_on) as dated_count,
        count(distinct penalty.lead_officer_id) filter (where penalty.decided_on is not null) as dated_officer_count,
        median(date_diff('day', penalty.filed_on, penalty.decided_on)) as median_days_to_decision
    from told
    inner join core.penalty
        on penalty.institution_id = told.named_id
        and penalty.outcome_known_on between told.quarter_start_on and told.quarter_end_on
        and penalty.outcome <> 'pending'
    group by told.institution_id, told.scope, told.quarter_start_on
),

complained as (
    select
        told.institution_id,
        told.scope,
        told.quarter_start_on,
        count(*) as complaint_count,
        count(distinct complaint.complainant_key) as complainant_count
    from told
    inner join feature.officer_complaint as complaint
        on complaint.institution_id = told.named_id
        and complaint.received_on between told.quarter_start_on and told.quarter_end_on
    where complaint.is_public and not complaint.is_duplicate and coalesce(complaint.outcome <> 'duplicate', true)
    group by told.institution_id, told.scope, told.quarter_start_on
),

-- a quarter of which the first days may be missing is not told as if nothing had happened in them
known as (
    select
        served.*,
        delivery.*,
        coalesce(served.is_complete and began.visit_on <= served.quarter_start_on, false) as has_visit,
        coalesce(served.is_complete and began.case_on <= served.quarter_start_on, false) as has_case,
        delivery.has_complaint_officer
        and coalesce(served.is_complete and began.complaint_on <= served.quarter_start_on, false) as has_complaint
    from served
    cross join began
    cross join core.delivery
)

select
    known.institution_id,
    known.scope,
    known.quarter_start_on,
    known.quarter_end_on,
    known.is_complete,
    known.officer_count,
    case when known.has_visit then coalesce(visit.visit_count, 0) end as visit_count,
    case when known.has_visit then coalesce(visit.visiting_officer_count, 0) end as visiting_officer_count,
    case when known.has_visit and known.has_visit_filing then coalesce(visit.filed_visit_count, 0) end as filed_visit_count,
    case when known.has_visit then coalesce(visit.inspected_count, 0) end as inspected_count,
    case when known.has_visit then coalesce(visit.inspecting_officer_count, 0) end as inspecting_officer_count,
    case when known.has_visit then coalesce(visit.finding_visit_count, 0) end as finding_visit_count,
    case when known.has_visit and known.has_finding_severity then coalesce(visit.severe_visit_count, 0) end
        as severe_visit_count,
    case when known.has_visit then coalesce(visit.referred_visit_count, 0) end as referred_visit_count,
    case when known.has_case then coalesce(filed_case.case_count, 0) end as case_count,
    case when known.has_case and known.has_outcome_date then coalesce(decided.decided_count, 0) end as decided_count,
    case when known.has_case and known.has_outcome_date then coalesce(decided.deciding_officer_count, 0) end
        as deciding_officer_count,
    case when known.has_case and known.has_outcome_date then coalesce(decided.fined_count, 0) end as fined_count,
    case when known.has_case and known.has_outcome_date then coalesce(decided.no_penalty_count, 0) end as no_penalty_count,
    case when known.has_case and known.has_outcome_date then coalesce(decided.dropped_count, 0) end as dropped_count,
    case when known.has_case and known.has_decided_on then coalesce(decided.dated_count, 0) end as dated_count,
    case when known.has_case and known.has_decided_on then coalesce(decided.dated_officer_count, 0) end
        as dated_officer_count,
    case when known.has_case and known.has_decided_on then cast(decided.median_days_to_decision as double) end
        as median_days_to_decision,
    case when known.has_complaint then coalesce(complained.complaint_count, 0) end as complaint_count,
    case when known.has_complaint then coalesce(complained.complainant_count, 0) end as complainant_count
from known
left join visit
    on visit.institution_id = known.institution_id
    and visit.scope = known.scope
    and visit.quarter_start_on = known.quarter_start_on
left join filed_case
    on filed_case.institution_id = known.institution_id
    and filed_case.scope = known.scope
    and filed_case.quarter_start_on = known.quarter_start_on
left join decided
    on decided.institution_id = known.institution_id
    and decided.scope = known.scope
    and decided.quarter_start_on = known.quarter_start_on
left join complained
    on complained.institution_id = known.institution_id
    and complained.scope = known.scope
    and complained.quarter_start_on = known.quarter_start_on
