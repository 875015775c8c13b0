-- core.draw_commit · 抽查承诺 · frozen pools of draws made here, committed by $as_of_date, and what had become of them by then
-- grain: draw_id
-- draw_id | id | 抽查编号 | draw
-- task | id? | 专项任务 | special task; empty for a draw by class
-- committed_on | date? | 承诺日期 | pool frozen on; empty where the log of commits has no such draw
-- pool_sha256 | text? | 名单哈希 | hash of the frozen pool
-- object_count | count? | 名单户数 | objects of the frozen pool
-- revealed_on | date? | 揭晓日期 | revealed on; empty while it is not, or where its files do not agree
-- drawn_count | count? | 抽中户数 | objects drawn; empty while it is not revealed
-- closed_on | date? | 撤销日期 | given up on
-- is_differing | boolean | 核验是否不符 | its files do not agree with one another or with the log: it was not taken in
select
    draw_id,
    task,
    cast(committed_at as date) as committed_on,
    pool_sha256,
    object_count,
    case when cast(revealed_at as date) <= $as_of_date then cast(revealed_at as date) end as revealed_on,
    case when cast(revealed_at as date) <= $as_of_date then drawn_count end as drawn_count,
    case when cast(closed_at as date) <= $as_of_date then cast(closed_at as date) end as closed_on,
    is_differing
from raw.draw_commit
where committed_at is null or cast(committed_at as date) <= $as_of_date
