"""Long tenure (轮岗提醒): an officer has held a hot post, or stayed at a station, beyond the years the bureau set.

What. Four clocks from the postings: the same hot post anywhere (a leading one at the same station), the same station in
any post, the same grid, with how many of its key-industry merchants he has been in charge of all the time (the
grid-merchant clock), and leading posts in the same area. Intervals are united; gaps shorter than merge_gap_days are
merged, and an institution that was only renamed is the same institution.
Formula: observed = years with gaps merged; interval_low = years served, without the gaps; interval_high = with them;
expected = the years after which rotation is due.

Raised for due and overdue. An approval of extension on file for the current posting makes it a matter to watch in the
rotation plan and raises no reminder; it excuses the clock it was given for, the post of that posting, and not the
station's. Years are counted by the calendar: five full years are 5. Strength is always `reminder`: tenure alone is a
management matter, its label is 轮岗提醒, and it counts neither as suspicion nor towards the strength of any other hint.

Example. On case_handling since 2019-03-01 with one gap of 40 days: 7.3 years merged, 7.2 served, due after 5: overdue.

Why it matters. Long tenure on a hot post is where ties grow (S0, S4; DOMAIN.md 3.2). Innocent explanations, each looked
up: approved extension, two-person station (rotation must cross stations), a merged gap makes the difference, the
institution was only renamed, moved to another station on the same post. Not on file, so unknown: the duty actually done
differs from the title, special skills, a compensating audit.

Unit: years. Source: 公务员法 Art 71; 财会〔2012〕21号; limits of rotation.toml. Excluded: posts that are not hot (post
clock), officers who do not serve tonight.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from models.flags import CounterEvidence, Evidence, Flag, Judgement, Night, indicator_frame
from models.peer import told_peers
from models.station_size import SMALL_STATION
from models.tenure import CLOCKS, calendar_years, clocks_running, rotation_status

FAMILY = "hot_post_tenure"
RECORD_KIND = "postings"
NEEDS = {"feature.officer_tenure": (), "feature.officer_posting": ()}

PLACE = {"post": "post", "station": "institution_id", "grid": "grid_id", "area": "clock_key"}
"""Which column names what a clock runs on."""


def judge(night: Night) -> Judgement:
    """Reminders for officers beyond their limits, and the hot-post years of every officer-night."""
    tenure = night.frames["feature.officer_tenure"]
    as_of = pd.to_datetime(tenure["as_of_on"])
    tonight = clocks_running(tenure[as_of == pd.Timestamp(night.as_of)])
    plan = rotation_status(tonight, night.policy.rotation)
    chosen = plan[plan["status"].isin(["due", "overdue"])]
    flags = tuple(_flags(night, chosen, tonight))
    post = tenure[(tenure["clock"] == "post") & tenure["is_hot_post"].astype(bool)]
    # a long tenure crosses nothing: it is no suspicion, and agrees with none
    indicator = post.assign(as_of_on=pd.to_datetime(post["as_of_on"]), index=post["merged_years"], crosses=False)
    return Judgement(flags, (), indicator_frame(indicator))


def _flags(night: Night, chosen: pd.DataFrame, tonight: pd.DataFrame) -> list[Flag]:
    """The reminders, with peers (the same post, or everyone's station clock) and postings looked up in sets."""
    group = tonight["post"].where(tonight["clock"] == "post", tonight["clock"])
    compared = tonight.assign(group=group)
    group_of = {name: part for name, part in compared.groupby("group")}
    rows = compared.set_index(["officer_id", "clock"])
    rows = rows.loc[list(zip(chosen["officer_id"], chosen["clock"], strict=True))].reset_index()
    postings = night.frames["feature.officer_posting"].sort_values(["started_on", "posting_id"])
    key = ["officer_id", "clock", "tenure_began_on"]
    wanted = rows[["officer_id", "clock", "began_on"]].rename(columns={"began_on": "tenure_began_on"})
    held = {name: part for name, part in postings.merge(wanted, on=key).groupby(key)}
    return [
        _flag(night, status, row, group_of[row["group"]], held[(row["officer_id"], row["clock"], row["began_on"])])
        for status, (_, row) in zip(chosen["status"], rows.iterrows(), strict=True)
    ]


def _flag(night: Night, status: str, row: pd.Series, group: pd.DataFrame, postings: pd.DataFrame) -> Flag:
    """group : everyone of the same post or clock, the officer himself among them."""
    due = night.policy.rotation.limits()[row["clock"]]["due"]
    everyone = _years(group, due, night.as_of)
    others = everyone["statistic"].drop(index=row["officer_id"])
    began_on = pd.Timestamp(row["began_on"])
    place_zh, place_en = CLOCKS[row["clock"]]
    held = row["key_merchant_count"]
    held_zh = "" if pd.isna(held) else f",其中重点行业主体{int(held)}户全程由其负责"
    held_en = "" if pd.isna(held) else f", in charge of {int(held)} key-industry merchants all the time"
    late_zh = "已超期" if status == "overdue" else "已到期"
    return Flag(
        subject_kind="officer",
        subject_id=str(row["officer_id"]),
        family=FAMILY,
        strength="reminder",
        window_start_on=began_on.date(),
        window_end_on=night.as_of,
        statistic_name="tenure_years",
        statistic=float(row["merged_years"]),
        observed=float(row["merged_years"]),
        expected=due,
        interval_low=float(row["served_years"]),
        interval_high=float(row["merged_years"]),
        exposure_count=int((pd.Timestamp(night.as_of) - began_on).days + 1),
        exposure_unit="day",
        peer_group=str(row["post"]) if row["clock"] == "post" else str(row["clock"]),
        peer_count=len(others),
        peer_median=float(np.median(others)) if len(others) else None,
        p_value=None,
        q_value=None,
        summary_zh=f"轮岗提醒:{place_zh}连续任职{row['merged_years']:.1f}年(实际在岗{row['served_years']:.1f}年),"
        f"轮岗年限{due:g}年,{late_zh}{held_zh};同类{len(others)}人",
        summary_en=f"Rotation reminder: {row['merged_years']:.1f} years {place_en} ({row['served_years']:.1f} served), "
        f"rotation is due after {due:g}: {status}{held_en}; {len(others)} peers",
        rule_trace=f"clock {row['clock']}; years {row['merged_years']:.2f} >= {due:g}; status {status}; "
        f"gaps merged {int(row['gap_days'])} days; no extension on file for this clock",
        facts=(str(row["clock"]), str(row[PLACE[row["clock"]]])),
        evidence=_evidence(postings.tail(night.policy.flags.evidence_limit)),
        counter_evidence=_counter_evidence(row, postings, due, night.as_of),
        peers=told_peers(everyone, row["officer_id"]),
    )


def _years(group: pd.DataFrame, due: float, as_of: date) -> pd.DataFrame:
    """The years of everyone on the same clock, as they stand beside each other in a reminder; indexed by officer."""
    merged = group["merged_years"].to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "exposure_count": (pd.Timestamp(as_of) - pd.to_datetime(group["began_on"])).dt.days.to_numpy() + 1,
            "observed": merged,
            "expected": due,
            "statistic": merged,
            "interval_low": group["served_years"].to_numpy(dtype=float),
            "interval_high": merged,
        },
        index=group["officer_id"].to_numpy(),
    )


def _evidence(postings: pd.DataFrame) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            "posting",
            str(posting.posting_id),
            1.0,
            f"{posting.started_on:%Y-%m-%d}起任{posting.post},机构{posting.institution_id}"
            + ("" if pd.isna(posting.ended_on) else f",至{posting.ended_on:%Y-%m-%d}"),
            f"{posting.post} at {posting.institution_id} from {posting.started_on:%Y-%m-%d}"
            + ("" if pd.isna(posting.ended_on) else f" to {posting.ended_on:%Y-%m-%d}"),
        )
        for posting in postings.itertuples()
    )


def _extension(postings: pd.DataFrame) -> CounterEvidence:
    """No posting of the tenure carries an approval, or one does that was given for another posting or clock."""
    found = sorted(set(postings["extension_ref"].dropna()))
    if found:
        return CounterEvidence(
            "approved_extension",
            "unknown",
            f"任职段载有延期批准({'、'.join(found)}),但非就本次计时的现任职作出,请核对其范围",
            f"an approval of extension is on file ({', '.join(found)}), but not for this clock of the current posting; its "
            "scope is to be checked",
        )
    return CounterEvidence(
        "approved_extension",
        "not_supported",
        f"{len(postings)}段任职均未载延期批准文号",
        f"none of the {len(postings)} postings carries an approval of extension",
    )


def _renamed(row: pd.Series, postings: pd.DataFrame, due: float, as_of: date) -> CounterEvidence:
    """Whether the years at the institution under its present name alone would not be due yet."""
    present = postings.loc[postings["institution_id"] == row["institution_id"], "started_on"]
    years = calendar_years(pd.to_datetime(present).min().date(), as_of)
    if row["clock"] != "station":
        makes_the_difference = False
        said_zh, said_en = "机构更名不影响本计时", "a new name of the institution does not touch this clock"
    else:
        makes_the_difference = bool(row["has_rename"]) and years < due
        said_zh = f"以现名称任职{years:.1f}年" if row["has_rename"] else "其间机构未更名"
        said_en = f"{years:.1f} years under its present name" if row["has_rename"] else "no institution was renamed"
    return CounterEvidence(
        "unit_renamed",
        "supported" if makes_the_difference else "not_supported",
        said_zh + (";仅属更名,仍按同一机构计" if makes_the_difference else ""),
        said_en + ("; it was only renamed and counts as the same" if makes_the_difference else ""),
        float(years) if row["clock"] == "station" and row["has_rename"] else None,
    )


def _counter_evidence(row: pd.Series, postings: pd.DataFrame, due: float, as_of: date) -> tuple[CounterEvidence, ...]:
    """postings : all of the tenure."""
    small = row["station_officer_count"] <= SMALL_STATION
    merged = row["gap_days"] > 0
    found = [
        _extension(postings),
        CounterEvidence(
            "two_person_station",
            "supported" if small else "not_supported",
            f"本机构{row['station_officer_count']}人" + (",需跨机构轮岗" if small else ""),
            f"{row['station_officer_count']} officers at the institution"
            + (": rotation must cross it" if small else ""),
        ),
        CounterEvidence(
            "gap_merged",
            "supported" if merged and row["served_years"] < due else "not_supported",
            f"合并的间断{row['gap_days']}日;不计间断为{row['served_years']:.1f}年",
            f"{row['gap_days']} days of gaps merged; without them {row['served_years']:.1f} years",
            float(row["served_years"]),
        ),
        _renamed(row, postings, due, as_of),
        CounterEvidence(
            "actual_duty",
            "unknown",
            "交付记录未载明实际职责、专门技能与专项审计,请核对",
            "duties actually done, special skills and a compensating audit are not on file; to be checked",
        ),
    ]
    if row["clock"] == "post":
        moved = row["institution_count"] > 1
        found.append(
            CounterEvidence(
                "moved_station",
                "supported" if moved else "not_supported",
                f"任职期间在{row['institution_count']}个机构",
                f"the tenure was spent at {row['institution_count']} institutions",
            )
        )
    return tuple(found)
