-- feature.merchant · 主体特征 · everything that describes a merchant on a night, and may be used to judge its risk
-- grain: merchant_id, as_of_on
-- merchant_id | id | 主体编号 | merchant
-- as_of_on | date | 数据截止日 | night
-- kind | enum(individual,company,cooperative,branch,unlicensed) | 主体类型 | kind of merchant
-- status | enum(active,suspended,revoked,closed,unlicensed) | 状态 | status on the night; a suspension or revocation carries no date and is taken as of tonight
-- is_key_industry | boolean | 重点行业 | belongs to a key industry
-- is_individual | boolean | 个体工商户 | an individual business
-- age_years | years? | 成立年限 | years since registration
-- capital_log | number? | 注册资本(对数) | natural logarithm of 1 + registered capital in yuan
-- visit_count_365 | count | 近一年检查次数 | visits in 365 days
-- visit_count_730 | count | 近两年检查次数 | visits in 730 days
-- finding_count_730 | count | 近两年问题数 | findings in 730 days
-- finding_per_visit_730 | rate? | 近两年每次问题数 | findings per visit in 730 days
-- finding_most_730 | count? | 近两年单次最多问题数 | most findings at one visit in 730 days
-- finding_decayed_180 | rate | 问题数(180天半衰) | findings, each weighing half as much every 180 days
-- severe_visit_count_365 | count | 近一年有严重问题的检查 | visits with a severe finding in 365 days
-- severe_visit_count_730 | count | 近两年有严重问题的检查 | visits with a severe finding in 730 days
-- severe_visit_share_730 | share? | 近两年严重问题占比 | share of visits with a severe finding in 730 days
-- severe_visit_decayed_180 | rate | 严重问题检查(180天半衰) | visits with a severe finding, each weighing half as much every 180 days
-- severe_visit_decayed_730 | rate | 严重问题检查(730天半衰) | visits with a severe finding, each weighing half as much every 730 days
-- severe_visit_share_routine | share? | 日常检查严重占比 | share of routine visits with a severe finding, of all time
-- severe_visit_share_campaign | share? | 专项与重点检查严重占比 | share of special and targeted visits with a severe finding, of all time
-- severe_visit_share_random | share? | 随机抽查严重占比 | share of random visits with a severe finding, of all time
-- severe_visit_share_complaint | share? | 投诉核查严重占比 | share of complaint visits with a severe finding, of all time
-- recheck_count_730 | count | 近两年复查次数 | rechecks in 730 days
-- recheck_failed_count_730 | count | 近两年复查仍有问题次数 | rechecks that still found something in 730 days
-- closed_on_arrival_count_730 | count | 近两年到场关门次数 | visits that found it closed in 730 days
-- measure_count_730 | count | 近两年责令改正、警示或移送次数 | visits that ended in an order, a warning or a referral in 730 days
-- minor_record_count_730 | count | 近两年轻微不良记录 | visits that ended in an order or a warning without a severe finding in 730 days
-- severe_record_count_730 | count | 近两年较重不良记录 | visits with a severe finding or a referral in 730 days
-- last_visit_on | date? | 最近检查日期 | last visit
-- days_since_visit | days? | 距上次检查天数 | days since the last visit
-- days_since_finding | days? | 距上次发现问题天数 | days since a visit with a finding
-- days_since_severe | days? | 距上次严重问题天数 | days since a visit with a severe finding
-- last_finding_count | count? | 上次问题数 | findings at the last visit
-- was_last_severe | boolean? | 上次有严重问题 | the last visit had a severe finding
-- clean_streak_count | count? | 连续无严重问题次数 | visits in a row without a severe finding, up to the last
-- finding_trend | number? | 每次问题数变化 | findings per visit of the last 365 days less those of the 365 days before
-- complaint_count_90 | count? | 近90天投诉举报 | complaints and reports in 90 days
-- complaint_count_365 | count? | 近一年投诉举报 | complaints and reports in 365 days
-- consumer_complaint_count_365 | count? | 近一年投诉 | consumer complaints in 365 days
-- violation_report_count_365 | count? | 近一年举报 | reports of a violation in 365 days
-- complainant_count_365 | count? | 近一年不同投诉人 | distinct complainants in 365 days
-- complaint_decayed_90 | rate? | 投诉举报(90天半衰) | complaints, each weighing half as much every 90 days
-- complaint_upheld_count_365 | count? | 近一年属实投诉 | complaints upheld in 365 days
-- complaint_upheld_count_90 | count? | 近90天属实投诉 | complaints upheld in 90 days
-- complaint_open_count | count? | 未办结投诉 | complaints still open
-- days_since_complaint | days? | 距上次投诉天数 | days since the last complaint
-- case_filed_count_730 | count? | 近两年立案 | cases filed in 730 days
-- case_open_count | count? | 在办案件 | cases still open
-- case_punished_count_730 | count? | 近两年处罚案件 | cases that ended in a fine or a warning in 730 days
-- case_spared_count_730 | count? | 近两年不予处罚案件 | cases that ended without a penalty in 730 days
-- case_dropped_count_730 | count? | 近两年撤案或终止 | cases withdrawn or terminated in 730 days
-- fine_yuan_730 | yuan? | 近两年罚款 | fines decided in 730 days
-- days_since_case | days? | 距上次立案天数 | days since the last case was filed
-- annual_report_late_count_1095 | count? | 近三年逾期年报 | annual reports filed late in 1,095 days
-- annual_report_missing_count_1095 | count? | 近三年未报年报 | annual reports missing in 1,095 days
-- permit_count | count? | 有效许可 | permits that are valid
-- permit_days_left | number? | 许可剩余天数 | days until the last permit ends; negative once it has
-- days_since_permit | days? | 距最近许可天数 | days since the last permit was filed
-- days_since_first_permit | days? | 距首次许可天数 | days since the first permit was filed
-- is_permit_near_expiry | boolean? | 许可临期 | the last permit ends within 60 days
-- is_permit_expired | boolean? | 许可过期 | the last permit has ended
-- owner_merchant_count | count? | 同一关联人其他主体 | other merchants of the same persons
-- owner_visit_count_730 | count? | 关联主体近两年检查 | visits to them in 730 days
-- owner_severe_visit_count_730 | count? | 关联主体近两年严重问题检查 | of these, visits with a severe finding
-- owner_severe_visit_share_730 | share? | 关联主体近两年严重问题占比 | share of these visits with a severe finding
-- industry_severe_visit_share_365 | share | 同行业其他主体严重问题占比 | share of visits with a severe finding at the other merchants of its industry, drawn to the bureau's share
-- grid_severe_visit_share_365 | share | 同网格其他主体严重问题占比 | share of visits with a severe finding at the other merchants of its grid, drawn to the bureau's share
-- grid_complaint_per_merchant_365 | rate? | 同网格其他主体平均投诉 | complaints per other merchant of its grid in 365 days
-- grid_visit_per_merchant_365 | rate? | 同网格其他主体平均检查次数 | visits per other merchant of its grid in 365 days
-- bureau_severe_visit_share_365 | share? | 全局严重问题占比 | share of visits with a severe finding in the bureau in 365 days
-- merchant_per_officer | rate? | 人均监管主体 | merchants per officer posted at its institution
-- neighbour_complaint_count_90 | count? | 周边近90天投诉 | complaints within about a kilometre in 90 days
-- neighbour_sanitation_count_90 | count? | 周边近90天环境卫生投诉 | of these, about sanitation
-- season_sine | number | 季节(正弦) | sine of the day in the year
-- season_cosine | number | 季节(余弦) | cosine of the day in the year
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
        when merchant.registered_on <= night.as_of_on then date_diff('day', merchant.registered_on, night.as_of_on) / 365.25
    end as age_years,
    ln(1 + merchant.registered_capital_yuan) as capital_log,
    visit.visit_count_365,
    visit.visit_count_730,
    visit.finding_count_730,
    visit.finding_per_visit_730,
    visit.finding_most_730,
    visit.finding_decayed_180,
    visit.severe_visit_count_365,
    visit.severe_visit_count_730,
    visit.severe_visit_share_730,
    visit.severe_visit_decayed_180,
    visit.severe_visit_decayed_730,
    visit.severe_visit_share_routine,
    visit.severe_visit_share_campaign,
    visit.severe_visit_share_random,
    visit.severe_visit_share_complaint,
    visit.recheck_count_730,
    visit.recheck_failed_count_730,
    visit.closed_on_arrival_count_730,
    visit.measure_count_730,
    visit.minor_record_count_730,
    visit.severe_record_count_730,
    visit.last_visit_on,
    visit.days_since_visit,
    visit.days_since_finding,
    visit.days_since_severe,
    visit.last_finding_count,
    visit.was_last_severe,
    visit.clean_streak_count,
    visit.finding_trend,
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
    penalty.case_spared_count_730,
    penalty.case_dropped_count_730,
    penalty.fine_yuan_730,
    penalty.days_since_case,
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
    owner.owner_severe_visit_count_730,
    owner.owner_severe_visit_share_730,
    -- one visit in twenty is the start where a bureau has no year of visits yet
    (industry.severe_visit_count_365 - visit.entered_severe_visit_count_365 + 20 * coalesce(bureau.severe_visit_share_365, 0.05))
    / (industry.visit_count_365 - visit.entered_visit_count_365 + 20) as industry_severe_visit_share_365,
    (grid.severe_visit_count_365 - visit.entered_severe_visit_count_365 + 20 * coalesce(bureau.severe_visit_share_365, 0.05))
    / (grid.visit_count_365 - visit.entered_visit_count_365 + 20) as grid_severe_visit_share_365,
    (grid.complaint_count_365 - complaint.received_count_365)
    / nullif(grid.merchant_count - 1, 0) as grid_complaint_per_merchant_365,
    (grid.visit_count_365 - visit.entered_visit_count_365)
    / nullif(grid.merchant_count - 1, 0) as grid_visit_per_merchant_365,
    bureau.severe_visit_share_365 as bureau_severe_visit_share_365,
    institution.merchant_per_officer,
    case when delivery.has_place then neighbourhood.complaint_count_90 end as neighbour_complaint_count_90,
    case when delivery.has_place then neighbourhood.sanitation_count_90 end as neighbour_sanitation_count_90,
    sin(2 * pi() * date_part('doy', night.as_of_on) / 365.25) as season_sine,
    cos(2 * pi() * date_part('doy', night.as_of_on) / 365.25) as season_cosine
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
inner join feature.bureau on bureau.as_of_on = night.as_of_on
inner join feature.industry
    on industry.industry_code = merchant.industry_code and industry.as_of_on = night.as_of_on
inner join feature.grid on grid.grid_id = merchant.grid_id and grid.as_of_on = night.as_of_on
left join feature.institution
    on institution.institution_id = merchant.institution_id and institution.as_of_on = night.as_of_on
left join feature.neighbourhood
    on neighbourhood.cell_north = floor(merchant.latitude * 100) + 9000
    and neighbourhood.cell_east = floor(merchant.longitude * 100)
    and neighbourhood.as_of_on = night.as_of_on
