-- core.complaint · 投诉举报 · complaints received by $as_of_date, with what was known of their outcome
-- grain: complaint_id
-- complaint_id | id | 编号 | complaint
-- received_on | date | 接收日期 | received on
-- kind | enum(consumer_complaint,violation_report,officer_feedback,handling_complaint,accusation) | 类别 | kind
-- channel | id | 渠道 | channel
-- merchant_id | id? | 主体编号 | merchant concerned
-- officer_id | id? | 人员编号 | officer concerned
-- institution_id | id? | 机构编号 | institution concerned
-- category | text | 事项 | matter
-- handler_officer_id | id? | 承办人 | officer who handles it
-- resolved_on | date? | 办结日期 | resolved on, empty while it is open
-- outcome | enum(upheld,partly_upheld,not_upheld,withdrawn,duplicate,pending)? | 结果 | outcome as known, empty where the delivery does not say when it became known
-- complainant_hash | id? | 投诉人摘要 | digest of who complained
-- event_ref | id? | 事件编号 | event
-- is_duplicate | boolean | 重复件 | known to repeat another complaint
-- duplicate_known_on | date? | 重复可知日期 | day on which that became known: when it was resolved, or when it came where no time of it is delivered
-- latitude | degree? | 纬度 | latitude
-- longitude | degree? | 经度 | longitude
select
    complaint.complaint_id,
    cast(complaint.received_at as date) as received_on,
    complaint.kind,
    complaint.channel,
    complaint.merchant_id,
    complaint.officer_id,
    complaint.institution_id,
    complaint.category,
    complaint.handler_officer_id,
    case when cast(complaint.resolved_at as date) <= $as_of_date then cast(complaint.resolved_at as date) end as resolved_on,
    case
        when complaint.outcome is null then null
        when complaint.outcome = 'pending' then 'pending'
        when complaint.resolved_at is null then null
        when cast(complaint.resolved_at as date) <= $as_of_date then complaint.outcome
        else 'pending'
    end as outcome,
    complaint.complainant_hash,
    complaint.event_ref,
    complaint.duplicate_of is not null
    and coalesce(cast(complaint.resolved_at as date), cast(complaint.received_at as date)) <= $as_of_date as is_duplicate,
    case
        when
            complaint.duplicate_of is not null
            and coalesce(cast(complaint.resolved_at as date), cast(complaint.received_at as date)) <= $as_of_date
            then coalesce(cast(complaint.resolved_at as date), cast(complaint.received_at as date))
    end as duplicate_known_on,
    complaint.latitude,
    complaint.longitude
from raw.complaint
left join raw.officer on officer.officer_id = complaint.officer_id
where
    cast(complaint.received_at as date) <= $as_of_date
    -- 处理检举控告工作规则 Art 15: an officer may have become head after the record was taken in
    and not (complaint.kind = 'accusation' and coalesce(officer.rank, 'staff') = 'head')
