-- feature.officer_grievance · 人员被反映情况 · what was said of an officer by each night: feedback and complaints about handling, accusations never
-- grain: officer_id, as_of_on
-- officer_id | id | 人员编号 | officer
-- as_of_on | date | 数据截止日 | night
-- feedback_complainant_count_12m | count? | 近12个月服务评价反映人数 | distinct complainants (events where they are not known) of adverse feedback on service in 12 months
-- handling_complainant_count_12m | count? | 近12个月办理不满反映人数 | distinct complainants about handling in 12 months
-- complainant_count_12m | count? | 近12个月反映人数 | distinct complainants of either kind in 12 months
-- complainant_count_24m | count? | 近24个月反映人数 | distinct complainants in 24 months
-- complainant_count_60m | count? | 近60个月反映人数 | distinct complainants in 60 months
-- market_complainant_count_12m | count? | 市场商户反映人数 | distinct complainants about his work at merchants of markets and malls in 12 months
-- upheld_complainant_count_24m | count? | 近24个月属实反映人数 | distinct complainants whose complaint of 24 months was found upheld by that night; empty where outcomes are not delivered
-- upheld_complainant_count_60m | count? | 近60个月属实反映人数 | the same in 60 months
-- judged_complaint_count_24m | count? | 近24个月已核件数 | complaints whose outcome was known by that night, received in 24 months
-- open_complaint_count | count? | 未办结反映件数 | feedback and complaints about handling of 60 months without an outcome on that night
-- days_since_complaint | days? | 距最近反映天数 | days since the latest feedback or complaint about handling of 60 months
-- substantiated_count_60m | count? | 近60个月处置属实件数 | integrity matters opened in 60 months and known by that night to be substantiated
-- handled_complaint_count_12m | count? | 近12个月承办投诉件数 | complaints of every kind that he handled for the station
with said as (
    select
        officer_night.officer_id,
        officer_night.as_of_on,
        date_diff('day', complaint.received_on, officer_night.as_of_on) as age_days,
        complaint.kind,
        coalesce(complaint.is_market, false) as is_market,
        complaint.complainant_key,
        complaint.resolved_on <= officer_night.as_of_on
            and complaint.outcome in ('upheld', 'partly_upheld', 'not_upheld') as is_judged,
        complaint.resolved_on <= officer_night.as_of_on
            and complaint.outcome in ('upheld', 'partly_upheld') as is_upheld,
        complaint.resolved_on is null or complaint.resolved_on > officer_night.as_of_on as is_open
    from core.officer_night
    inner join feature.officer_complaint as complaint
        on complaint.officer_id = officer_night.officer_id
        and date_diff('day', complaint.received_on, officer_night.as_of_on) between 0 and 1825
    where
        complaint.is_public
        and not complaint.is_duplicate
        and not coalesce(complaint.outcome = 'duplicate' and complaint.resolved_on <= officer_night.as_of_on, false)
),
complaint as (
    select
        officer_id,
        as_of_on,
        count(distinct complainant_key) filter (where kind = 'officer_feedback' and age_days < 365)
            as feedback_complainant_count_12m,
        count(distinct complainant_key) filter (where kind = 'handling_complaint' and age_days < 365)
            as handling_complainant_count_12m,
        count(distinct complainant_key) filter (where age_days < 365) as complainant_count_12m,
        count(distinct complainant_key) filter (where age_days < 730) as complainant_count_24m,
        count(distinct complainant_key) as complainant_count_60m,
        count(distinct complainant_key) filter (where is_market and age_days < 365) as market_complainant_count_12m,
        count(distinct complainant_key) filter (where is_upheld and age_days < 730) as upheld_complainant_count_24m,
        count(distinct complainant_key) filter (where is_upheld) as upheld_complainant_count_60m,
        count(*) filter (where is_judged and age_days < 730) as judged_complaint_count_24m,
        count(*) filter (where is_open) as open_complaint_count,
        min(age_days) as days_since_complaint
    from said
    group by officer_id, as_of_on
),
substantiated as (
    select officer_night.officer_id, officer_night.as_of_on, count(*) as substantiated_count
    from core.officer_night
    inner join core.integrity_outcome
        on integrity_outcome.officer_id = officer_night.officer_id
        and integrity_outcome.result = 'substantiated'
        and integrity_outcome.closed_on <= officer_night.as_of_on
        and date_diff('day', integrity_outcome.opened_on, officer_night.as_of_on) between 0 and 1825
    group by officer_night.officer_id, officer_night.as_of_on
),
handled as (
    select officer_night.officer_id, officer_night.as_of_on, count(*) as handled_complaint_count
    from core.officer_night
    inner join core.complaint
        on complaint.handler_officer_id = officer_night.officer_id
        and date_diff('day', complaint.received_on, officer_night.as_of_on) between 0 and 364
    group by officer_night.officer_id, officer_night.as_of_on
)
select
    officer_night.officer_id,
    officer_night.as_of_on,
    case when delivery.has_complaint_officer then coalesce(complaint.feedback_complainant_count_12m, 0) end
        as feedback_complainant_count_12m,
    case when delivery.has_complaint_officer then coalesce(complaint.handling_complainant_count_12m, 0) end
        as handling_complainant_count_12m,
    case when delivery.has_complaint_officer then coalesce(complaint.complainant_count_12m, 0) end
        as complainant_count_12m,
    case when delivery.has_complaint_officer then coalesce(complaint.complainant_count_24m, 0) end
        as complainant_count_24m,
    case when delivery.has_complaint_officer then coalesce(complaint.complainant_count_60m, 0) end
        as complainant_count_60m,
    case when delivery.has_complaint_officer then coalesce(complaint.market_complainant_count_12m, 0) end
        as market_complainant_count_12m,
    case when delivery.has_complaint_officer and delivery.has_complaint_outcome then coalesce(complaint.upheld_complainant_count_24m, 0) end
        as upheld_complainant_count_24m,
    case when delivery.has_complaint_officer and delivery.has_complaint_outcome then coalesce(complaint.upheld_complainant_count_60m, 0) end
        as upheld_complainant_count_60m,
    case when delivery.has_complaint_officer and delivery.has_complaint_outcome then coalesce(complaint.judged_complaint_count_24m, 0) end
        as judged_complaint_count_24m,
    case when delivery.has_complaint_officer and delivery.has_complaint_outcome then coalesce(complaint.open_complaint_count, 0) end
        as open_complaint_count,
    complaint.days_since_complaint,
    case when exists (select 1 from core.integrity_outcome) then coalesce(substantiated.substantiated_count, 0) end as substantiated_count_60m,
    case when delivery.has_handler then coalesce(handled.handled_complaint_count, 0) end
        as handled_complaint_count_12m
from core.officer_night
cross join core.delivery
left join complaint on complaint.officer_id = officer_night.officer_id and complaint.as_of_on = officer_night.as_of_on
left join substantiated
    on substantiated.officer_id = officer_night.officer_id and substantiated.as_of_on = officer_night.as_of_on
left join handled on handled.officer_id = officer_night.officer_id and handled.as_of_on = officer_night.as_of_on
