"""What stands in the way of a move, in words; management reads them, so of interests nothing but that there is one."""

from __future__ import annotations

RULE_WORDS = {
    "leaving": ("一年内将离任", "he is known to leave within a year"),
    "extended": ("已批准延期,不作接任人选", "an approval of extension keeps him where he is"),
    "major_case": ("主办的重大案件尚未办结", "he leads a major case that has not ended"),
    "settled": ("到岗时间短,不为他人调动", "he came too lately to be moved for another's sake"),
    "clock": ("没有能停止该计时的岗位", "no place would stop the clock that has run out"),
    "certificate": ("执法证不能满足岗位要求", "his certificate does not serve for the posts"),
    "qualification": ("不具备岗位所需经历或职务", "he lacks the experience or rank that the posts ask for"),
    "rank": ("领导岗位人员只在领导岗位间交流", "a leading post is exchanged for a leading post alone"),
    "interest": ("须任职回避", "rules of recusal keep him from them"),
    "returned": ("近年曾在该处任职", "he served there too lately to return"),
    "declined": ("局领导未同意该安排", "management declined it"),
    "decided": ("局领导已另定其轮岗安排", "management has decided his move"),
    "needed": ("无人需要其接任", "nobody needs him as a successor"),
    "no_successor": ("无人具备条件接任其岗位", "nobody who is fit could take his place"),
    "no_place": ("没有这样的岗位可任", "there is no such place to be held"),
    "station_share": ("本机构每季可轮岗人数已满", "as many leave his station in each quarter as may"),
    "station_certified": ("机构须留足持证人员", "his station must keep its certified officers"),
    "station_handler": ("机构须留有熟练办案人员", "his station must keep an experienced case handler"),
    "capacity": ("与其他安排冲突,本期排不下", "it does not fit beside the other moves"),
}
"""By code: Chinese and English."""

AUDIT = ("建议以专项审计替代", "a special audit is proposed in its place")


def place_words(unit: str, post: tuple[str, str], grid: str | None) -> tuple[str, str]:
    """A place in Chinese and English: unit by name, post, and grid where there is one."""
    where = "" if grid is None else f"({grid})"
    return f"{unit}{post[0]}岗{where}", f"{post[1]} at {unit}{f' (grid {grid})' if grid is not None else ''}"
