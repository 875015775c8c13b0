-- feature.merchant_filing · 主体申报史 · annual reports and permits of a merchant, as known on the night
-- grain: merchant_id, as_of_on
-- merchant_id | id | 主体编号 | merchant
-- as_of_on | date | 数据截止日 | night
-- annual_report_failed_count_730 | count? | 近两年未按期年报 | annual reports late or missing in 730 days
-- annual_report_late_count_1095 | count? | 近三年逾期年报 | annual reports filed late in 1,095 days
-- annual_report_missing_count_1095 | count? | 近三年未报年报 | annual reports missing in 1,095 days
-- permit_count | count? | 有效许可 | permits that are valid
-- permit_days_left | number? | 许可剩余天数 | days until the last permit ends; negative once it has
-- days_since_permit | days? | 距最近许可天数 | days since the last permit was filed
-- days_since_first_permit | days? | 距首次许可天数 | days since the first permit was filed
-- is_permit_near_expiry | boolean? | 许可临期 | the last permit ends within 60 days
-- is_permit_expired | boolean? | 许可过期 | the last permit has ended
with filed as (
    select
        night.merchant_id,
        night.as_of_on,
        filing.kind,
        filing.status,
        case
            when filing.filed_on is null then filing.status = 'missing' else filing.filed_on > night.as_of_on
        end as was_missing,
        filing.status = 'late' and filing.filed_on <= night.as_of_on as was_late,
        date_diff('day', filing.known_on, night.as_of_on) as age_days,
        date_diff('day', night.as_of_on, filing.valid_to_on) as days_left
    from core.merchant_night as night
    inner join core.filing
        on filing.merchant_id = night.merchant_id and filing.known_on <= night.as_of_on
    where filing.kind = 'annual_report' or (filing.kind = 'permit' and coalesce(filing.status, 'approved') <> 'rejected')
),

total as (
    select
        merchant_id,
        as_of_on,
        count(*) filter (
            where kind = 'annual_report' and (was_late or was_missing) and age_days < 730
        ) as annual_report_failed_count_730,
        count(*) filter (
            where kind = 'annual_report' and was_late and age_days < 1095
        ) as annual_report_late_count_1095,
        count(*) filter (
            where kind = 'annual_report' and was_missing and age_days < 1095
        ) as annual_report_missing_count_1095,
        count(*) filter (where kind = 'permit' and days_left >= 0) as permit_count,
        cast(max(days_left) filter (where kind = 'permit') as double) as permit_days_left,
        min(age_days) filter (where kind = 'permit') as days_since_permit,
        max(age_days) filter (where kind = 'permit') as days_since_first_permit
    from filed
    group by merchant_id, as_of_on
)

select
    night.merchant_id,
    night.as_of_on,
    case
        when delivery.has_annual_report then coalesce(total.annual_report_failed_count_730, 0)
    end as annual_report_failed_count_730,
    case
        when delivery.has_annual_report then coalesce(total.annual_report_late_count_1095, 0)
    end as annual_report_late_count_1095,
    case
        when delivery.has_annual_report then coalesce(total.annual_report_missing_count_1095, 0)
    end as annual_report_missing_count_1095,
    case when delivery.has_permit then coalesce(total.permit_count, 0) end as permit_count,
    total.permit_days_left,
    total.days_since_permit,
    total.days_since_first_permit,
    total.permit_days_left between 0 and 60 as is_permit_near_expiry,
    total.permit_days_left < 0 as is_permit_expired
from core.merchant_night as night
cross join core.delivery
left join total on total.merchant_id = night.merchant_id and total.as_of_on = night.as_of_on
