-- feature.merchant · 主体特征 · everything that describes a merchant on a night, and may be used to judge its risk
-- grain: merchant_id, as_of_on
-- merchant_id | id | 主体编号 | merchant
-- as_of_on | date | 数据截止日 | night
-- kind | enum(individual,company,cooperative,branch,unlicensed) | 主体类型 | kind of merchant
-- status | enum(active,suspended,revoked,closed,unlicensed) | 状态 | status on the night; a suspension or revocation carries no date and is taken as of tonight
-- is_key_industry | boolean | 重点行业 | belongs to a key industry
-- is_individual | boolean | 个体工商户 | an individual business
-- age_days | days? | 成立天数 | days since registration
-- age_years | years? | 成立年限 | years since registration
-- capital_log | number? | 注册资本(对数) | natural logarithm of 1 + registered capital in yuan
-- visit_count_730 | count | 近两年检查次数 | visits in 730 days
-- finding_count_730 | count | 近两年问题数 | findings in 730 days
-- severe_visit_count_730 | count | 近两年有严重问题的检查 | visits with a severe finding in 730 days
-- severe_excess_730 | number | 严重问题多于同一人员在别处所见 | own visits with a severe finding, beyond what the same officers find elsewhere (per visit, fading over two years)
-- finding_excess_730 | number | 问题数多于同一人员在别处所见(对数) | findings at own visits, beyond what the same officers find elsewhere (logarithm per visit, fading over two years)
-- recheck_failed_count_730 | count | 近两年复查仍有问题次数 | rechecks that still found something in 730 days
-- closed_on_arrival_count_730 | count | 近两年到场关门次数 | visits that found it closed in 730 days
-- minor_record_count_730 | count | 近两年轻微不良记录 | visits that ended in an order or a warning without a severe finding in 730 days
-- severe_record_count_730 | count | 近两年较重不良记录 | visits with a severe finding or a referral in 730 days
-- last_visit_on | date? | 最近检查日期 | last visit
-- days_since_visit | days? | 距上次检查天数 | days since the last visit
-- was_last_severe | boolean? | 上次有严重问题 | the last visit had a severe finding
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
-- case_filed_count_730 | count? | 近两年立案 | cases filed in 730 days
-- case_open_count | count? | 在办案件 | cases still open
-- case_punished_count_730 | count? | 近两年处罚案件 | cases that ended in a fine or a warning in 730 days
-- case_record_count_730 | count? | 近两年另计记录的处罚案件 | cases that ended in a fine or a warning in 730 days and did not come from a visit that is a bad record of 730 days itself
-- case_spared_count_730 | count? | 近两年不予处罚案件 | cases that ended without a penalty in 730 days
-- case_dropped_count_730 | count? | 近两年撤案或终止 | cases withdrawn or terminated in 730 days
-- fine_yuan_730 | yuan? | 近两年罚款 | fines decided in 730 days
-- days_since_case | days? | 距上次立案天数 | days since the last case was filed
-- annual_report_failed_count_730 | count? | 近两年未按期年报 | annual reports late or missing in 730 days, empty where annual reports were not delivered
-- annual_report_late_count_1095 | count? | 近三年逾期年报 | annual reports filed late in 1,095 days
-- annual_report_missing_count_1095 | count? | 近三年未报年报 | annual reports missing in 1,095 days
-- permit_count | count? | 有效许可 | permits that are valid
-- permit_days_left | number? | 许可剩余天数 | days until the last permit ends; negative once it has
-- days_since_permit | days? | 距最近许可天数 | days since the last permit was filed
-- days_since_first_permit | days? | 距首次许可天数 | days since the first permit was filed
-- is_permit_near_expiry | boolean? | 许可临期 | the last permit ends within 60 days
-- is_permit_expired | boolean? | 许可过期 | the last permit has ended
-- owner_merchant_count | count? | 同一关联人其他主体 | other merchants of the same persons
-- owner_visit_count_730 | count? | 关联主体近两年检查 | visits in 730 days to other merchants of the same persons
-- owner_severe_excess_730 | number? | 关联主体严重问题多于预期 | severe visits beyond expectation at other merchants of the same persons (as a share of those expected, drawn to 0)
-- owner_finding_excess_730 | number? | 关联主体问题数多于预期(对数) | findings beyond expectation at other merchants of the same persons (logarithm per visit, drawn to 0)
-- industry_visit_count_730 | count | 同行业其他主体近两年检查次数 | visits in 730 days to other merchants of the industry
-- industry_severe_excess_730 | number | 同行业其他主体严重问题多于预期 | severe visits beyond expectation at other merchants of the industry (as a share of those expected, drawn to 0)
-- industry_finding_excess_730 | number | 同行业其他主体问题数多于预期(对数) | findings beyond expectation at other merchants of the industry (logarithm per visit, drawn to 0)
-- grid_visit_count_730 | count | 同网格其他主体近两年检查次数 | visits in 730 days to other merchants of the grid
-- grid_severe_excess_730 | number | 同网格其他主体严重问题多于预期 | severe visits beyond expectation at other merchants of the grid (as a share of those expected, drawn to 0)
-- grid_finding_excess_730 | number | 同网格其他主体问题数多于预期(对数) | findings beyond expectation at other merchants of the grid (logarithm per visit, drawn to 0)
-- grid_complaint_per_merchant_365 | rate? | 同网格其他主体平均投诉 | complaints per other merchant of its grid in 365 days
-- grid_visit_per_merchant_365 | rate? | 同网格其他主体平均检查次数 | visits per other merchant of its grid in 365 days
-- merchant_per_officer | rate? | 人均监管主体 | merchants per officer posted at its institution
-- neighbour_complaint_count_90 | count? | 周边近90天投诉 | complaints within about a kilometre in 90 days
-- neighbour_visit_count_730 | count? | 周边其他主体近两年检查次数 | visits in 730 days to other merchants within about a kilometre
-- neighbour_severe_excess_730 | number? | 周边其他主体严重问题多于预期 | severe visits beyond expectation at other merchants within about a kilometre (as a share of those expected, drawn to 0)
-- neighbour_sanitation_count_90 | count? | 周边近90天环境卫生投诉 | complaints about sanitation within about a kilometre in 90 days

-- whole millionths, as they were summed: the merchant's own part, taken off again, must leave nothing of itself behind
select
    night.merchant_id,
    night.as_of_on,
    merchant.kind,
    case
        when merchant.closed_on > night.as_of_on then 'active'
        else merchant.status
    end as status,
    merchant.is_key_industry,
    merchant.kind = 'individual' as is_individual,
    case
        when merchant.registered_on <= night.as_of_on then date_diff('day', merchant.registered_on, night.as_of_on)
    end as age_days,
    case
        when merchant.registered_on <= night.as_of_on then date_diff('day', merchant.registered_on, night.as_of_on) / 365.25
    end as age_years,
    ln(1 + merchant.registered_capital_yuan) as capital_log,
    visit.visit_count_730,
    visit.finding_count_730,
    visit.severe_visit_count_730,
    visit.severe_excess_730,
    visit.finding_excess_730,
    visit.recheck_failed_count_730,
    visit.closed_on_arrival_count_730,
    visit.minor_record_count_730,
    visit.severe_record_count_730,
    visit.last_visit_on,
    visit.days_since_visit,
    visit.was_last_severe,
    complaint.complaint_count_90,
    complaint.complaint_count_365,
    complaint.consumer_complaint_count_365,
    complaint.violation_report_count_365,
    complaint.complainant_count_365,
    complaint.complaint_decayed_90,
    complaint.complaint_upheld_count_365,
    complaint.complaint_upheld_count_90,
    complaint.complaint_open_count,
    complaint.days_since_complaint,
    penalty.case_filed_count_730,
    penalty.case_open_count,
    penalty.case_punished_count_730,
    penalty.case_record_count_730,
    penalty.case_spared_count_730,
    penalty.case_dropped_count_730,
    penalty.fine_yuan_730,
    penalty.days_since_case,
    filing.annual_report_failed_count_730,
    filing.annual_report_late_count_1095,
    filing.annual_report_missing_count_1095,
    filing.permit_count,
    filing.permit_days_left,
    filing.days_since_permit,
    filing.days_since_first_permit,
    filing.is_permit_near_expiry,
    filing.is_permit_expired,
    owner.owner_merchant_count,
    owner.owner_visit_count_730,
    owner.owner_severe_excess_730,
    owner.owner_finding_excess_730,
    industry.visit_count_730 - visit.entered_visit_count_730 as industry_visit_count_730,
    round(industry.severe_excess_730 - visit.entered_severe_excess_730, 6)
    / (industry.expected_severe_730 - visit.entered_expected_severe_730 + 2) as industry_severe_excess_730,
    round(industry.finding_excess_730 - visit.entered_finding_excess_730, 6)
    / (industry.visit_count_730 - visit.entered_visit_count_730 + 10) as industry_finding_excess_730,
    grid.visit_count_730 - visit.entered_visit_count_730 as grid_visit_count_730,
    round(grid.severe_excess_730 - visit.entered_severe_excess_730, 6)
    / (grid.expected_severe_730 - visit.entered_expected_severe_730 + 2) as grid_severe_excess_730,
    round(grid.finding_excess_730 - visit.entered_finding_excess_730, 6)
    / (grid.visit_count_730 - visit.entered_visit_count_730 + 10) as grid_finding_excess_730,
    (grid.complaint_count_365 - complaint.received_count_365)
    / nullif(grid.merchant_count - 1, 0) as grid_complaint_per_merchant_365,
    (grid.visit_count_365 - visit.entered_visit_count_365)
    / nullif(grid.merchant_count - 1, 0) as grid_visit_per_merchant_365,
    institution.merchant_per_officer,
    case when delivery.has_place then neighbourhood.complaint_count_90 end as neighbour_complaint_count_90,
    case
        when delivery.has_place then neighbourhood.visit_count_730 - visit.entered_visit_count_730
    end as neighbour_visit_count_730,
    case
        when delivery.has_place
            then round(neighbourhood.severe_excess_730 - visit.entered_severe_excess_730, 6)
            / (neighbourhood.expected_severe_730 - visit.entered_expected_severe_730 + 2)
    end as neighbour_severe_excess_730,
    case when delivery.has_place then neighbourhood.sanitation_count_90 end as neighbour_sanitation_count_90
from core.merchant_night as night
cross join core.delivery
inner join core.merchant on merchant.merchant_id = night.merchant_id
inner join feature.merchant_visit as visit on visit.merchant_id = night.merchant_id and visit.as_of_on = night.as_of_on
inner join feature.merchant_complaint as complaint
    on complaint.merchant_id = night.merchant_id and complaint.as_of_on = night.as_of_on
inner join feature.merchant_case as penalty
    on penalty.merchant_id = night.merchant_id and penalty.as_of_on = night.as_of_on
inner join feature.merchant_filing as filing
    on filing.merchant_id = night.merchant_id and filing.as_of_on = night.as_of_on
inner join feature.merchant_owner as owner on owner.merchant_id = night.merchant_id and owner.as_of_on = night.as_of_on
inner join feature.industry
    on industry.industry_code = merchant.industry_code
    and industry.half = merchant.half
    and industry.as_of_on = night.as_of_on
inner join feature.grid
    on grid.grid_id = merchant.grid_id and grid.half = merchant.half and grid.as_of_on = night.as_of_on
left join feature.institution
    on institution.institution_id = merchant.institution_id and institution.as_of_on = night.as_of_on
left join feature.neighbourhood
    on neighbourhood.cell_north = floor(merchant.latitude * 100) + 9000
    and neighbourhood.cell_east = floor(merchant.longitude * 100)
    and neighbourhood.half = merchant.half
    and neighbourhood.as_of_on = night.as_of_on
