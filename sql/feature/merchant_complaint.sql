-- feature.merchant_complaint · 主体投诉史 · complaints about a merchant, as known on the night
-- grain: merchant_id, as_of_on
-- merchant_id | id | 主体编号 | merchant
-- as_of_on | date | 数据截止日 | night
-- received_count_365 | count | 近一年收到件数 | complaints and reports in 365 days, repeated ones included
-- complaint_count_90 | count? | 近90天投诉举报 | complaints and reports in 90 days
-- complaint_count_365 | count? | 近一年投诉举报人数 | complainants of 365 days, each counted once, without what was found to be unfounded
-- consumer_complaint_count_365 | count? | 近一年投诉 | consumer complaints in 365 days
-- violation_report_count_365 | count? | 近一年举报 | reports of a violation in 365 days
-- complainant_count_365 | count? | 近一年不同投诉人 | distinct complainants in 365 days
-- complaint_decayed_90 | rate? | 投诉举报(90天半衰) | complainants, each weighing half as much every 90 days since last complaining, without what was found to be unfounded
-- complaint_upheld_count_365 | count? | 近一年属实投诉 | complaints upheld in 365 days
-- complaint_upheld_count_90 | count? | 近90天属实投诉 | complaints upheld in 90 days
-- complaint_open_count | count? | 未办结投诉 | complaints still open
-- days_since_complaint | days? | 距上次投诉天数 | days since the last complaint
with received as (
    select
        night.merchant_id,
        night.as_of_on,
        complaint.kind,
        complaint.complainant_hash,
        coalesce(complaint.complainant_hash, complaint.complaint_id) as complainant,
        complaint.outcome in ('not_upheld', 'withdrawn') and complaint.resolved_on <= night.as_of_on as is_unfounded,
        coalesce(complaint.duplicate_known_on <= night.as_of_on, false) as is_duplicate,
        date_diff('day', complaint.received_on, night.as_of_on) as age_days,
        complaint.outcome in ('upheld', 'partly_upheld') and complaint.resolved_on <= night.as_of_on as is_upheld,
        complaint.resolved_on is null or complaint.resolved_on > night.as_of_on as is_open
    from core.merchant_night as night
    inner join core.complaint
        on complaint.merchant_id = night.merchant_id and complaint.received_on <= night.as_of_on
    where complaint.kind in ('consumer_complaint', 'violation_report')
),

-- whoever complains again and again counts once, and what was found to be without ground not at all
voice as (
    select
        merchant_id,
        as_of_on,
        count(*) filter (where age_days < 365) as complaint_count_365,
        cast(sum(cast(exp(-ln(2) * age_days / 90) as decimal(18, 6))) as double) as complaint_decayed_90
    from (
        select merchant_id, as_of_on, complainant, min(age_days) as age_days
        from received
        where not is_duplicate and is_unfounded is not true
        group by merchant_id, as_of_on, complainant
    ) as last_said
    group by merchant_id, as_of_on
),

total as (
    select
        merchant_id,
        as_of_on,
        count(*) filter (where age_days < 365) as received_count_365,
        count(*) filter (where age_days < 90 and not is_duplicate) as complaint_count_90,
        count(*) filter (where age_days < 365 and not is_duplicate and kind = 'consumer_complaint') as consumer_complaint_count_365,
        count(*) filter (where age_days < 365 and not is_duplicate and kind = 'violation_report') as violation_report_count_365,
        count(distinct complainant_hash) filter (where age_days < 365) as complainant_count_365,
        count(*) filter (where age_days < 365 and not is_duplicate and is_upheld) as complaint_upheld_count_365,
        count(*) filter (where age_days < 90 and not is_duplicate and is_upheld) as complaint_upheld_count_90,
        count(*) filter (where is_open and not is_duplicate) as complaint_open_count,
        min(age_days) filter (where not is_duplicate) as days_since_complaint
    from received
    group by merchant_id, as_of_on
)

select
    night.merchant_id,
    night.as_of_on,
    coalesce(total.received_count_365, 0) as received_count_365,
    case when delivery.has_complaint_merchant then coalesce(total.complaint_count_90, 0) end as complaint_count_90,
    case when delivery.has_complaint_merchant then coalesce(voice.complaint_count_365, 0) end as complaint_count_365,
    case when delivery.has_complaint_merchant then coalesce(total.consumer_complaint_count_365, 0) end as consumer_complaint_count_365,
    case when delivery.has_complaint_merchant then coalesce(total.violation_report_count_365, 0) end as violation_report_count_365,
    case
        when delivery.has_complaint_merchant and delivery.has_complainant_hash
            then coalesce(total.complainant_count_365, 0) end as complainant_count_365,
    case when delivery.has_complaint_merchant then coalesce(voice.complaint_decayed_90, 0) end as complaint_decayed_90,
    case
        when delivery.has_complaint_merchant and delivery.has_complaint_outcome then coalesce(total.complaint_upheld_count_365, 0)
    end as complaint_upheld_count_365,
    case
        when delivery.has_complaint_merchant and delivery.has_complaint_outcome then coalesce(total.complaint_upheld_count_90, 0)
    end as complaint_upheld_count_90,
    case
        when delivery.has_complaint_merchant and delivery.has_complaint_outcome then coalesce(total.complaint_open_count, 0) end as complaint_open_count,
    total.days_since_complaint
from core.merchant_night as night
cross join core.delivery
left join total on total.merchant_id = night.merchant_id and total.as_of_on = night.as_of_on
left join voice on voice.merchant_id = night.merchant_id and voice.as_of_on = night.as_of_on
