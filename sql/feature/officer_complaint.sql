-- feature.officer_complaint · 涉及人员的反映 · one row per complaint about an officer: service, handling, and accusations kept apart
-- grain: complaint_id
-- complaint_id | id | 编号 | complaint
-- officer_id | id | 人员编号 | officer concerned
-- received_on | date | 接收日期 | received on
-- kind | enum(officer_feedback,handling_complaint,accusation) | 类别 | kind
-- is_public | boolean | 计入公开统计 | feedback or complaint about handling; an accusation is counted apart
-- channel | id | 渠道 | channel
-- category | text | 事项 | matter
-- complainant_key | id | 去重键 | who complained, or the event where that is not known, or the complaint itself
-- has_complainant | boolean | 有投诉人摘要 | the key is a digest of the complainant
-- is_duplicate | boolean | 重复件 | repeats another complaint; the outcome 'duplicate' says so only from resolved_on
-- institution_id | id? | 机构编号 | station: that of the complaint, or of the officer's posting on that day
-- merchant_id | id? | 主体编号 | merchant concerned
-- is_market | boolean? | 市场商场 | the merchant lies in a market or a mall, empty where that is not known
-- was_penalised_before | boolean? | 曾被其处罚 | the officer had penalised the merchant in the 180 days before, empty without a merchant
-- follows_special_visit | boolean? | 专项检查之后 | the officer had checked the merchant in a campaign in the 30 days before, empty without a merchant
-- resolved_on | date? | 办结日期 | resolved on
-- outcome | enum(upheld,partly_upheld,not_upheld,withdrawn,duplicate,pending)? | 结果 | outcome as known
with about as (
    select *
    from core.complaint
    where officer_id is not null and kind in ('officer_feedback', 'handling_complaint', 'accusation')
),
posted as (
    select about.complaint_id, posting.institution_id
    from about
    inner join core.posting
        on posting.officer_id = about.officer_id
        and posting.started_on <= about.received_on
        and (posting.ended_on is null or posting.ended_on >= about.received_on)
    qualify row_number() over (
        partition by about.complaint_id order by posting.started_on desc, posting.posting_id desc
    ) = 1
),
penalised as (
    select distinct about.complaint_id
    from about
    inner join core.penalty
        on penalty.merchant_id = about.merchant_id
        and penalty.lead_officer_id = about.officer_id
        and penalty.outcome in ('fined', 'warned')
        and date_diff('day', penalty.outcome_known_on, about.received_on) between 0 and 180
),
campaign as (
    select distinct about.complaint_id
    from about
    inner join core.patrol
        on patrol.merchant_id = about.merchant_id
        and (patrol.lead_officer_id = about.officer_id or patrol.co_officer_id = about.officer_id)
        and patrol.visit_kind = 'special'
        and date_diff('day', patrol.visited_on, about.received_on) between 0 and 30
)
select
    about.complaint_id,
    about.officer_id,
    about.received_on,
    about.kind,
    about.kind <> 'accusation' as is_public,
    about.channel,
    about.category,
    coalesce(about.complainant_hash, about.event_ref, about.complaint_id) as complainant_key,
    about.complainant_hash is not null as has_complainant,
    about.is_duplicate,
    coalesce(about.institution_id, posted.institution_id) as institution_id,
    about.merchant_id,
    grid.kind in ('market', 'mall') as is_market,
    case when about.merchant_id is not null then penalised.complaint_id is not null end as was_penalised_before,
    case when about.merchant_id is not null then campaign.complaint_id is not null end as follows_special_visit,
    about.resolved_on,
    about.outcome
from about
left join posted on posted.complaint_id = about.complaint_id
left join core.merchant on merchant.merchant_id = about.merchant_id
left join core.grid on grid.grid_id = merchant.grid_id
left join penalised on penalised.complaint_id = about.complaint_id
left join campaign on campaign.complaint_id = about.complaint_id
