-- feature.officer · 执法人员画像 · one officer on one night: exposure, findings, complaints, cases and tenure as known by then
-- grain: officer_id, as_of_on
-- officer_id | id | 人员编号 | officer
-- as_of_on | date | 数据截止日 | night
-- post | id | 岗位 | post held
-- institution_id | id | 机构编号 | institution of the post
-- unit_id | id | 现名机构 | institution under its last name
-- station_kind | id | 同类机构 | peer kind of the institution
-- peer_count | count | 同类人数 | other officers of the same post and station kind on that night
-- is_hot_post | boolean | 热点岗位 | the post is a hot post of the policy
-- station_officer_count | count | 本机构人数 | officers at the institution
-- merchants_per_officer | number? | 人均主体数 | merchants registered with the institution per officer there
-- service_day_count_12m | days | 近12个月在岗天数 | days with a posting in 12 months
-- service_day_count_24m | days | 近24个月在岗天数 | days with a posting in 24 months
-- visit_count_12m | count? | 近12个月巡查次数 | visits led or joined in 12 months
-- market_visit_count_12m | count? | 近12个月市场巡查次数 | visits in markets and malls in 12 months
-- market_visit_share_12m | share? | 市场商场巡查占比 | share of visits in markets and malls
-- special_visit_share_12m | share? | 专项检查占比 | share of visits made in a campaign
-- key_industry_visit_share_12m | share? | 重点行业巡查占比 | share of visits to key industries
-- visits_per_service_day_12m | rate? | 日均巡查次数 | visits per day of service
-- peer_visits_per_service_day_12m | rate? | 同类日均巡查次数 | visits per day of service of the peers, without his own
-- finding_ratio_12m | ratio? | 发现问题倍数 | visits led with a finding, against what such visits usually bring
-- severe_ratio_12m | ratio? | 发现严重问题倍数 | visits led with a severe finding, against what such visits usually bring
-- feedback_complainant_count_12m | count? | 近12个月服务评价反映人数 | distinct complainants (events where they are not known) of adverse feedback on service in 12 months
-- handling_complainant_count_12m | count? | 近12个月办理不满反映人数 | distinct complainants about handling in 12 months
-- complainant_count_12m | count? | 近12个月反映人数 | distinct complainants of either kind in 12 months
-- complainant_count_24m | count? | 近24个月反映人数 | distinct complainants in 24 months
-- complainant_count_60m | count? | 近60个月反映人数 | distinct complainants in 60 months
-- market_complainant_count_12m | count? | 市场商户反映人数 | distinct complainants about his work at merchants of markets and malls in 12 months
-- upheld_complainant_count_24m | count? | 近24个月属实反映人数 | distinct complainants whose complaint of 24 months was found upheld by that night; empty where outcomes are not delivered
-- upheld_complainant_count_60m | count? | 近60个月属实反映人数 | distinct complainants whose complaint of 60 months was found upheld by that night; empty where outcomes are not delivered
-- judged_complaint_count_24m | count? | 近24个月已核件数 | complaints whose outcome was known by that night, received in 24 months
-- open_complaint_count | count? | 未办结反映件数 | feedback and complaints about handling of 60 months without an outcome on that night
-- days_since_complaint | days? | 距最近反映天数 | days since the latest feedback or complaint about handling of 60 months
-- substantiated_count_60m | count? | 近60个月处置属实件数 | integrity matters opened in 60 months and known by that night to be substantiated
-- complainant_load_1y | number? | 反映人数(一年折半) | distinct complainants (events where they are not known) of 60 months, the latest of each counted as half for every year that has passed
-- complainant_load_3y | number? | 反映人数(三年折半) | distinct complainants of 60 months, the latest of each counted as half for every three years that have passed
-- gravity_load_1y | number? | 反映严重度(一年折半) | complainants as half for every year, each weighed by how often such matters are found upheld, against all matters (1 = as often)
-- gravity_load_3y | number? | 反映严重度(三年折半) | complainants as half for every three years, each weighed by how often such matters are found upheld
-- grave_load_3y | number? | 高属实率事项反映(三年折半) | complainants whose matter is found upheld more than twice as often as all matters, as half for every three years
-- upheld_load_3y | number? | 属实反映(三年折半) | complainants whose complaint was found upheld by that night, as half for every three years
-- lone_event_count_60m | count? | 单独被反映事件数 | events of 60 months in which he alone was named
-- shared_event_count_60m | count? | 共同被反映事件数 | events of 60 months in which he was named together with other officers
-- companion_count_60m | count? | 共同被反映同事数 | distinct officers who were named together with him in an event of 60 months
-- found_companion_count_60m | count? | 共同被反映且有属实处置的同事数 | those of them with an integrity matter known by that night to be substantiated
-- companion_finding_load | number? | 共同被反映同事的属实处置(三年折半) | their substantiated matters as half for every three years, by the number of events shared (at most 3)
-- finding_load_1y | number? | 属实处置(一年折半) | his own integrity matters known by that night to be substantiated, as half for every year since they were opened
-- finding_load_3y | number? | 属实处置(三年折半) | his own substantiated integrity matters, as half for every three years since they were opened
-- known_finding_load_3y | number? | 属实处置(自办结起三年折半) | his own substantiated integrity matters, as half for every three years since the result was known
-- handled_complaint_count_12m | count? | 近12个月承办投诉件数 | complaints of every kind that he handled for the station
-- expected_complainant_count_12m | number? | 同类预期反映人数 | distinct complainants expected from the peers' rate per day of service, without his own
-- led_case_count_12m | count? | 近12个月主办结案数 | cases led whose outcome became known in 12 months
-- no_penalty_share_12m | share? | 不予处罚与警告占比 | share of penalty decisions that set no fine
-- peer_no_penalty_share_12m | share? | 同类不予处罚与警告占比 | the same share of the peers, without his own
-- below_minimum_share_12m | share? | 低于法定下限占比 | share of fines below the statutory minimum, of cases that have one
-- dropped_case_count_12m | count? | 近12个月撤案终止数 | cases led that were withdrawn or terminated
-- open_case_count | count? | 在办案件数 | cases led and still open on that night
-- old_open_case_count | count? | 超90日在办案件数 | cases led and open for more than 90 days
-- post_tenure_years | years | 本岗位年限 | years on the post, short gaps merged
-- station_tenure_years | years | 本机构年限 | years at the station, short gaps merged
with workload as (
    select
        institution_night.institution_id,
        institution_night.as_of_on,
        count(merchant.merchant_id) as merchant_count
    from (select distinct institution_id, as_of_on from feature.officer_post) as institution_night
    left join core.merchant
        on merchant.institution_id = institution_night.institution_id
        and merchant.registered_on <= institution_night.as_of_on
    group by institution_night.institution_id, institution_night.as_of_on
),
tenure as (
    select
        officer_id,
        as_of_on,
        max(merged_years) filter (where clock = 'post') as post_tenure_years,
        max(merged_years) filter (where clock = 'station') as station_tenure_years
    from feature.officer_tenure
    group by officer_id, as_of_on
),
joined as (
    select
        officer_post.*,
        officer_grievance.feedback_complainant_count_12m,
        officer_grievance.handling_complainant_count_12m,
        officer_grievance.complainant_count_12m,
        officer_grievance.complainant_count_24m,
        officer_grievance.complainant_count_60m,
        officer_grievance.market_complainant_count_12m,
        officer_grievance.upheld_complainant_count_24m,
        officer_grievance.upheld_complainant_count_60m,
        officer_grievance.judged_complaint_count_24m,
        officer_grievance.open_complaint_count,
        officer_grievance.days_since_complaint,
        officer_grievance.substantiated_count_60m,
        officer_conduct.complainant_load_1y,
        officer_conduct.complainant_load_3y,
        officer_conduct.gravity_load_1y,
        officer_conduct.gravity_load_3y,
        officer_conduct.grave_load_3y,
        officer_conduct.upheld_load_3y,
        officer_conduct.lone_event_count_60m,
        officer_conduct.shared_event_count_60m,
        officer_conduct.companion_count_60m,
        officer_conduct.found_companion_count_60m,
        officer_conduct.companion_finding_load,
        officer_conduct.finding_load_1y,
        officer_conduct.finding_load_3y,
        officer_conduct.known_finding_load_3y,
        officer_grievance.handled_complaint_count_12m,
        officer_docket.led_case_count_12m,
        officer_docket.penalty_count_12m,
        officer_docket.no_penalty_count_12m,
        officer_docket.below_minimum_share_12m,
        officer_docket.dropped_case_count_12m,
        officer_docket.open_case_count,
        officer_docket.old_open_case_count,
        case when delivery.has_merchant then workload.merchant_count end as merchant_count,
        case when delivery.has_patrol then coalesce(officer_visit.visit_count_12m, 0) end as visit_count_12m,
        case when delivery.has_patrol then coalesce(officer_visit.market_visit_count_12m, 0) end
            as market_visit_count_12m,
        officer_visit.special_visit_count_12m,
        officer_visit.key_industry_visit_count_12m,
        officer_visit.finding_visit_count_12m,
        officer_visit.expected_finding_visit_count_12m,
        officer_visit.severe_visit_count_12m,
        officer_visit.expected_severe_visit_count_12m,
        coalesce(tenure.post_tenure_years, 0) as post_tenure_years,
        coalesce(tenure.station_tenure_years, 0) as station_tenure_years
    from feature.officer_post
    cross join core.delivery
    inner join feature.officer_grievance
        on officer_grievance.officer_id = officer_post.officer_id and officer_grievance.as_of_on = officer_post.as_of_on
    inner join feature.officer_conduct
        on officer_conduct.officer_id = officer_post.officer_id and officer_conduct.as_of_on = officer_post.as_of_on
    inner join feature.officer_docket
        on officer_docket.officer_id = officer_post.officer_id and officer_docket.as_of_on = officer_post.as_of_on
    left join workload
        on workload.institution_id = officer_post.institution_id and workload.as_of_on = officer_post.as_of_on
    left join feature.officer_visit
        on officer_visit.officer_id = officer_post.officer_id and officer_visit.as_of_on = officer_post.as_of_on
    left join tenure on tenure.officer_id = officer_post.officer_id and tenure.as_of_on = officer_post.as_of_on
),
-- every peer figure leaves the officer himself out
compared as (
    select
        *,
        count(*) over peer - 1 as peer_count,
        sum(service_day_count_12m) over peer - service_day_count_12m as peer_service_day_count,
        sum(visit_count_12m) over peer - visit_count_12m as peer_visit_count,
        sum(complainant_count_12m) over peer - complainant_count_12m as peer_complainant_count,
        sum(penalty_count_12m) over peer - penalty_count_12m as peer_penalty_count,
        sum(no_penalty_count_12m) over peer - no_penalty_count_12m as peer_no_penalty_count
    from joined
    window peer as (partition by as_of_on, post, station_kind)
)
select
    officer_id,
    as_of_on,
    post,
    institution_id,
    unit_id,
    station_kind,
    peer_count,
    is_hot_post,
    station_officer_count,
    merchant_count / cast(station_officer_count as double) as merchants_per_officer,
    service_day_count_12m,
    service_day_count_24m,
    visit_count_12m,
    market_visit_count_12m,
    market_visit_count_12m / cast(nullif(visit_count_12m, 0) as double) as market_visit_share_12m,
    special_visit_count_12m / cast(nullif(visit_count_12m, 0) as double) as special_visit_share_12m,
    key_industry_visit_count_12m / cast(nullif(visit_count_12m, 0) as double) as key_industry_visit_share_12m,
    visit_count_12m / cast(nullif(service_day_count_12m, 0) as double) as visits_per_service_day_12m,
    cast(peer_visit_count as double) / cast(nullif(peer_service_day_count, 0) as double)
        as peer_visits_per_service_day_12m,
    finding_visit_count_12m / nullif(expected_finding_visit_count_12m, 0) as finding_ratio_12m,
    severe_visit_count_12m / nullif(expected_severe_visit_count_12m, 0) as severe_ratio_12m,
    feedback_complainant_count_12m,
    handling_complainant_count_12m,
    complainant_count_12m,
    complainant_count_24m,
    complainant_count_60m,
    market_complainant_count_12m,
    upheld_complainant_count_24m,
    upheld_complainant_count_60m,
    judged_complaint_count_24m,
    open_complaint_count,
    days_since_complaint,
    substantiated_count_60m,
    complainant_load_1y,
    complainant_load_3y,
    gravity_load_1y,
    gravity_load_3y,
    grave_load_3y,
    upheld_load_3y,
    lone_event_count_60m,
    shared_event_count_60m,
    companion_count_60m,
    found_companion_count_60m,
    companion_finding_load,
    finding_load_1y,
    finding_load_3y,
    known_finding_load_3y,
    handled_complaint_count_12m,
    service_day_count_12m
        * cast(peer_complainant_count as double) / cast(nullif(peer_service_day_count, 0) as double)
        as expected_complainant_count_12m,
    led_case_count_12m,
    no_penalty_count_12m / cast(nullif(penalty_count_12m, 0) as double) as no_penalty_share_12m,
    cast(peer_no_penalty_count as double) / cast(nullif(peer_penalty_count, 0) as double) as peer_no_penalty_share_12m,
    below_minimum_share_12m,
    dropped_case_count_12m,
    open_case_count,
    old_open_case_count,
    post_tenure_years,
    station_tenure_years
from compared
