-- core.patrol · 巡查 · visits that took place and whose record was entered by $as_of_date
-- grain: patrol_id
-- patrol_id | id | 巡查编号 | visit
-- merchant_id | id | 主体编号 | merchant visited
-- institution_id | id | 机构编号 | institution that visited
-- grid_id | id? | 网格编号 | grid of the visit, or of the merchant where the record names none
-- lead_officer_id | id | 主检人员 | officer who led the visit
-- co_officer_id | id? | 协检人员 | second officer
-- visit_kind | enum(routine,special,targeted,random,complaint,recheck) | 检查类型 | kind of visit
-- visited_on | date | 检查日期 | day of the visit
-- known_on | date | 可知日期 | day from which the record can be used
-- started_at | timestamp | 开始时间 | visit began at; midnight sharp where the source gives a day without a time
-- ended_at | timestamp? | 结束时间 | visit ended at
-- entered_on | date? | 录入日期 | record entered on
-- entered_by | id? | 录入人 | who entered the record
-- visit_filing_id | id? | 报备编号 | filing that announced the visit
-- result | enum(normal,order_to_correct,warning,case_referred,closed_on_arrival,not_found) | 结果 | result
-- finding_count | count | 问题数 | findings
-- severe_finding_count | count? | 严重问题数 | severe findings
-- is_severe | boolean? | 有严重问题 | a severe finding; where the row's delivery lacks that column, a case was referred; empty where nobody was checked
-- was_inspected | boolean | 实际检查 | someone was met and checked (not closed on arrival, not a merchant that was not found)
-- latitude | latitude? | 纬度 | latitude at which the visit was recorded
-- longitude | longitude? | 经度 | longitude at which the visit was recorded
-- note_hash | hash? | 文书摘要 | digest of the written note
with visit as (
    select
        patrol.*,
        cast(patrol.started_at as date) as visited_on,
        greatest(cast(patrol.started_at as date), cast(coalesce(patrol.entered_at, patrol.started_at) as date)) as known_on,
        exists (
            select 1
            from raw.delivered_column
            where
                delivered_column.table_name = 'patrol'
                and delivered_column.column_name = 'severe_finding_count'
                and delivered_column.delivery_number = patrol.delivery_number
        ) as has_severe_finding_count
    from raw.patrol
)
select
    visit.patrol_id,
    visit.merchant_id,
    visit.institution_id,
    coalesce(visit.grid_id, merchant.grid_id) as grid_id,
    visit.lead_officer_id,
    visit.co_officer_id,
    visit.visit_kind,
    visit.visited_on,
    visit.known_on,
    visit.started_at,
    visit.ended_at,
    cast(visit.entered_at as date) as entered_on,
    visit.entered_by,
    visit.visit_filing_id,
    visit.result,
    visit.finding_count,
    visit.severe_finding_count,
    case
        when visit.result in ('closed_on_arrival', 'not_found') then null
        when visit.has_severe_finding_count then visit.severe_finding_count >= 1
        else visit.result = 'case_referred'
    end as is_severe,
    visit.result not in ('closed_on_arrival', 'not_found') as was_inspected,
    visit.latitude,
    visit.longitude,
    visit.note_hash
from visit
left join raw.merchant on merchant.merchant_id = visit.merchant_id
where visit.known_on <= $as_of_date
