"""What stands in the way of a move, in words. Management reads them, and could ask one station after another: of interests they
say nothing but that it is not suitable, and published they are `unsuitable`."""

from __future__ import annotations

RULE_WORDS = {
    "leaving": ("一年内将离任", "known to leave within a year"),
    "extended": ("已批准延期,留任原岗", "kept in place by an approval of extension"),
    "major_case": ("办理的重大案件尚未办结", "handles a major case that has not ended"),
    "settled": ("到岗时间短,不为他人调动", "came too lately to be moved for another's sake"),
    "notice": ("距轮岗日期过近", "at too short notice"),
    "clock": ("没有可使任职年限重新起算的岗位", "no place would stop the clock that has run out"),
    "certificate": ("执法证不能满足岗位要求", "no certificate that serves for the post"),
    "qualification": ("不具备岗位所需经历或职务", "without the experience or rank that the post asks for"),
    "rank": ("领导岗位人员只在领导岗位间交流", "a leading post is exchanged for a leading post alone"),
    "interest": ("另有不宜安排的情形", "not suitable for other reasons"),
    "returned": ("近年曾在该处任职", "served there too lately to return"),
    "declined": ("局领导未同意该安排", "declined by management"),
    "decided": ("局领导已另有安排", "management has decided otherwise"),
    "needed": ("无需接任", "not needed there"),
    "no_successor": ("无人同时具备各项条件", "no one rule: nobody is fit in every respect"),
    "no_vacancy": ("可任的岗位无法腾出", "none of the places that are open by the rules can be vacated"),
    "no_place": ("没有这样的岗位", "there is no such place to be held"),
    "station_share": ("本机构每季可轮岗人数已满", "as many leave the station in each quarter as may"),
    "station_certified": ("机构须留足持证人员", "the station must keep its certified officers"),
    "station_handler": ("机构须留有熟练办案人员", "the station must keep an experienced case handler"),
    "capacity": ("与其他安排冲突,本期排不下", "it does not fit beside the other moves"),
}
"""By code: Chinese and English, of him who stays or of those who could take his place."""

AUDIT = ("建议以专项审计替代", "a special audit is proposed in its place")


def place_words(unit: str, post: tuple[str, str], grid: str | None) -> tuple[str, str]:
    """A place in Chinese and English: unit by name, post, and grid where there is one."""
    where = "" if grid is None else f"({grid})"
    return f"{unit}{post[0]}岗{where}", f"{post[1]} at {unit}{f' (grid {grid})' if grid is not None else ''}"
