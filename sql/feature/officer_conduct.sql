-- feature.officer_conduct · 人员履职反映轻重 · how much, how grave and how recent what was said of an officer was by each night, and of whom he was named together with
-- grain: officer_id, as_of_on
-- officer_id | id | 人员编号 | officer
-- as_of_on | date | 数据截止日 | night
-- complainant_load_1y | number? | 反映人数(一年折半) | distinct complainants (events where they are not known) of 60 months, the latest of each counted as half for every year that has passed since the first day of its quarter, so that no sum tells a day
-- complainant_load_3y | number? | 反映人数(三年折半) | the same, as half for every three years
-- gravity_load_1y | number? | 反映严重度(一年折半) | the same as half for every year, each weighed by how often such matters are found upheld, against all matters (1 = as often)
-- gravity_load_3y | number? | 反映严重度(三年折半) | the same, as half for every three years
-- grave_load_3y | number? | 高属实率事项反映(三年折半) | complainants whose matter is found upheld more than twice as often as all matters, as half for every three years
-- upheld_load_3y | number? | 属实反映(三年折半) | complainants whose complaint was found upheld by that night, as half for every three years
-- lone_event_count_60m | count? | 单独被反映事件数 | events of 60 months in which he alone was named
-- shared_event_count_60m | count? | 共同被反映事件数 | events of 60 months in which he was named together with other officers
-- companion_count_60m | count? | 共同被反映同事数 | distinct officers who were named together with him in an event of 60 months
-- found_companion_count_60m | count? | 共同被反映且有属实处置的同事数 | those of them with an integrity matter known by that night to be substantiated
-- companion_finding_load | number? | 共同被反映同事的属实处置(三年折半) | their substantiated matters as half for every three years, by the number of events shared (at most 3)
-- finding_load_1y | number? | 属实处置(一年折半) | his own integrity matters known by that night to be substantiated, as half for every year since they were opened
-- finding_load_3y | number? | 属实处置(三年折半) | the same, as half for every three years
-- known_finding_load_3y | number? | 属实处置(自办结起三年折半) | the same, as half for every three years since the result was known
with night as (
    select distinct as_of_on from core.officer_night
),
-- matters as graded by the bureau's own results known by the night: shares shrunk to that of all matters by 20 complaints
judged as (
    select
        night.as_of_on,
        coalesce(complaint.category, '') as category,
        count(*) as judged_count,
        count(*) filter (where complaint.outcome in ('upheld', 'partly_upheld')) as upheld_count
    from night
    inner join feature.officer_complaint as complaint
        on complaint.resolved_on <= night.as_of_on
        and date_diff('day', complaint.received_on, night.as_of_on) between 0 and 1825
    where complaint.is_public and complaint.outcome in ('upheld', 'partly_upheld', 'not_upheld')
    group by night.as_of_on, coalesce(complaint.category, '')
),
matter as (
    select
        as_of_on,
        category,
        (
            upheld_count
            + 20 * sum(upheld_count) over bureau / cast(sum(judged_count) over bureau as double)
        ) / (judged_count + 20) / nullif(sum(upheld_count) over bureau / cast(sum(judged_count) over bureau as double), 0)
            as gravity
    from judged
    window bureau as (partition by as_of_on)
),
public_complaint as (
    select
        complaint.complaint_id,
        complaint.officer_id,
        complaint.received_on,
        -- weights fade from here: a weight that told the day would tell who complained that day
        cast(date_trunc('quarter', complaint.received_on) as date) as quarter_on,
        coalesce(complaint.category, '') as category,
        complaint.complainant_key,
        complaint.resolved_on,
        complaint.outcome,
        known.event_ref,
        known.duplicate_known_on
    from feature.officer_complaint as complaint
    inner join core.complaint as known on known.complaint_id = complaint.complaint_id
    where complaint.is_public
),
-- one person counts once: his latest complaint, his gravest matter
person as (
    select
        officer_night.officer_id,
        officer_night.as_of_on,
        complaint.complainant_key,
        min(date_diff('day', complaint.quarter_on, officer_night.as_of_on)) as age_days,
        max(coalesce(matter.gravity, 1)) as gravity,
        min(date_diff('day', complaint.quarter_on, officer_night.as_of_on)) filter (
            where complaint.resolved_on <= officer_night.as_of_on and complaint.outcome in ('upheld', 'partly_upheld')
        ) as upheld_age_days
    from core.officer_night
    inner join public_complaint as complaint
        on complaint.officer_id = officer_night.officer_id
        and date_diff('day', complaint.received_on, officer_night.as_of_on) between 0 and 1825
    left join matter on matter.as_of_on = officer_night.as_of_on and matter.category = complaint.category
    where
        not coalesce(complaint.duplicate_known_on <= officer_night.as_of_on, false)
        and not coalesce(complaint.outcome = 'duplicate' and complaint.resolved_on <= officer_night.as_of_on, false)
    group by officer_night.officer_id, officer_night.as_of_on, complaint.complainant_key
),
-- summed as decimals: an exact sum is the same in whatever order the threads add it
said as (
    select
        officer_id,
        as_of_on,
        cast(sum(cast(exp(-ln(2) * age_days / 365) as decimal(18, 9))) as double) as complainant_load_1y,
        cast(sum(cast(exp(-ln(2) * age_days / 1095) as decimal(18, 9))) as double) as complainant_load_3y,
        cast(sum(cast(gravity * exp(-ln(2) * age_days / 365) as decimal(18, 9))) as double) as gravity_load_1y,
        cast(sum(cast(gravity * exp(-ln(2) * age_days / 1095) as decimal(18, 9))) as double) as gravity_load_3y,
        cast(sum(cast(exp(-ln(2) * age_days / 1095) as decimal(18, 9))) filter (where gravity > 2) as double) as grave_load_3y,
        cast(sum(cast(exp(-ln(2) * upheld_age_days / 1095) as decimal(18, 9))) as double) as upheld_load_3y
    from person
    group by officer_id, as_of_on
),
named as (
    select event_ref, officer_id, min(received_on) as received_on
    from public_complaint
    where event_ref is not null
    group by event_ref, officer_id
),
together as (
    select own.event_ref, own.officer_id, other.officer_id as companion_id, greatest(own.received_on, other.received_on) as known_on
    from named as own
    inner join named as other on other.event_ref = own.event_ref and other.officer_id <> own.officer_id
),
-- an event is shared from the day on which the second officer was named in it
crowd as (
    select
        named.officer_id,
        officer_night.as_of_on,
        count(*) filter (where first_companion.known_on is null or first_companion.known_on > officer_night.as_of_on)
            as lone_event_count,
        count(*) filter (where first_companion.known_on <= officer_night.as_of_on) as shared_event_count
    from core.officer_night
    inner join named
        on named.officer_id = officer_night.officer_id
        and date_diff('day', named.received_on, officer_night.as_of_on) between 0 and 1825
    left join (
        select event_ref, officer_id, min(known_on) as known_on from together group by event_ref, officer_id
    ) as first_companion
        on first_companion.event_ref = named.event_ref and first_companion.officer_id = named.officer_id
    group by named.officer_id, officer_night.as_of_on
),
finding as (
    select
        integrity_outcome.officer_id,
        night.as_of_on,
        sum(cast(exp(-ln(2) * date_diff('day', opened_on, night.as_of_on) / 365) as decimal(18, 9))) as load_1y,
        sum(cast(exp(-ln(2) * date_diff('day', opened_on, night.as_of_on) / 1095) as decimal(18, 9))) as load_3y,
        sum(cast(exp(-ln(2) * date_diff('day', closed_on, night.as_of_on) / 1095) as decimal(18, 9))) as known_load_3y
    from night
    inner join core.integrity_outcome
        on integrity_outcome.closed_on <= night.as_of_on
        and date_diff('day', integrity_outcome.opened_on, night.as_of_on) between 0 and 3650
    where integrity_outcome.result = 'substantiated'
    group by integrity_outcome.officer_id, night.as_of_on
),
bond as (
    select
        together.officer_id,
        officer_night.as_of_on,
        together.companion_id,
        least(count(*), 3) as event_count
    from core.officer_night
    inner join together
        on together.officer_id = officer_night.officer_id
        and date_diff('day', together.known_on, officer_night.as_of_on) between 0 and 1825
    group by together.officer_id, officer_night.as_of_on, together.companion_id
),
company as (
    select
        bond.officer_id,
        bond.as_of_on,
        count(*) as companion_count,
        count(finding.load_3y) as found_companion_count,
        coalesce(sum(cast(bond.event_count * finding.load_3y as decimal(18, 9))), 0) as finding_load
    from bond
    left join finding on finding.officer_id = bond.companion_id and finding.as_of_on = bond.as_of_on
    group by bond.officer_id, bond.as_of_on
)
select
    officer_night.officer_id,
    officer_night.as_of_on,
    case when delivery.has_complaint_officer then coalesce(said.complainant_load_1y, 0) end as complainant_load_1y,
    case when delivery.has_complaint_officer then coalesce(said.complainant_load_3y, 0) end as complainant_load_3y,
    case when delivery.has_complaint_officer and delivery.has_complaint_outcome then coalesce(said.gravity_load_1y, 0) end
        as gravity_load_1y,
    case when delivery.has_complaint_officer and delivery.has_complaint_outcome then coalesce(said.gravity_load_3y, 0) end
        as gravity_load_3y,
    case when delivery.has_complaint_officer and delivery.has_complaint_outcome then coalesce(said.grave_load_3y, 0) end
        as grave_load_3y,
    case when delivery.has_complaint_officer and delivery.has_complaint_outcome then coalesce(said.upheld_load_3y, 0) end
        as upheld_load_3y,
    case when has_event.is_given then coalesce(crowd.lone_event_count, 0) end as lone_event_count_60m,
    case when has_event.is_given then coalesce(crowd.shared_event_count, 0) end as shared_event_count_60m,
    case when has_event.is_given then coalesce(company.companion_count, 0) end as companion_count_60m,
    case when has_event.is_given and has_outcome.is_given then coalesce(company.found_companion_count, 0) end
        as found_companion_count_60m,
    case when has_event.is_given and has_outcome.is_given then cast(coalesce(company.finding_load, 0) as double) end
        as companion_finding_load,
    case when has_outcome.is_given then cast(coalesce(finding.load_1y, 0) as double) end as finding_load_1y,
    case when has_outcome.is_given then cast(coalesce(finding.load_3y, 0) as double) end as finding_load_3y,
    case when has_outcome.is_given then cast(coalesce(finding.known_load_3y, 0) as double) end as known_finding_load_3y
from core.officer_night
cross join core.delivery
cross join (
    select count(*) > 0 as is_given from named
) as has_event
cross join (
    select count(*) > 0 as is_given from core.integrity_outcome
) as has_outcome
left join said on said.officer_id = officer_night.officer_id and said.as_of_on = officer_night.as_of_on
left join crowd on crowd.officer_id = officer_night.officer_id and crowd.as_of_on = officer_night.as_of_on
left join company on company.officer_id = officer_night.officer_id and company.as_of_on = officer_night.as_of_on
left join finding on finding.officer_id = officer_night.officer_id and finding.as_of_on = officer_night.as_of_on
