"""The sentences of the audit of draws: what was found, or why it cannot be computed, in Chinese and English.

They speak of draws, places and units; no sentence names a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.shrinkage import probability_words

if TYPE_CHECKING:
    from models.draw.past import Tested

FOUND = {
    "object_class": (
        "{count}户抽中对象在各类别的分布:与政策比例相差{observed:.1f}户,随机情况下平均相差{expected:.1f}户",
        "{count} objects by class: {observed:.1f} lie elsewhere than the policy's ratios put them, by chance {expected:.1f} do",
    ),
    "object_unit": (
        "{count}户抽中对象在各机构的分布(同类别内):相差{observed:.1f}户,随机情况下平均相差{expected:.1f}户",
        "{count} objects by unit, within their classes: {observed:.1f} lie elsewhere than evenly, by chance {expected:.1f} do",
    ),
    "officer_even": (
        "{count}人次在当日持证人员中的分布:相差{observed:.1f}人次,随机情况下平均相差{expected:.1f}人次",
        "{count} places over those certified on the day: {observed:.1f} lie elsewhere than evenly, by chance {expected:.1f} do",
    ),
    "pair_repeat": (
        "{count}户再次被抽中,其中{observed:.0f}户派出与上次相同的人员组合,随机情况下预期{expected:.1f}户",
        "of {count} merchants drawn again, {observed:.0f} got the crew of the time before, {expected:.1f} would by chance",
    ),
    "by_hand_share": (
        "{count}人次中{observed:.0f}人次为人工替换,政策认为通常不超过{expected:.1f}人次",
        "of {count} places, {observed:.0f} were given by hand; the policy calls up to {expected:.1f} usual",
    ),
    "by_hand_same": (
        "{count}人次人工替换中,同一机构换入同一人员的组合有{observed:.0f}对,随机情况下预期{expected:.1f}对",
        "among {count} places by hand, {observed:.0f} pairs at one unit went to one officer, {expected:.1f} would by chance",
    ),
    "by_hand_uncertified": (
        "{count}人次人工替换中,{observed:.0f}人次当日未查到有效执法证,按全部人次预期{expected:.1f}人次",
        "of {count} places by hand, {observed:.0f} had no certificate known that day; of all places {expected:.1f} would",
    ),
    "by_hand_low_class": (
        "{count}人次人工替换中,{observed:.0f}人次为A、B类对象,按全部人次预期{expected:.1f}人次",
        "of {count} places by hand, {observed:.0f} were at objects of class A or B; of all places {expected:.1f} would be",
    ),
}

LACKING = {
    "task": (
        "无法计算:专项任务另有比例",
        "not computable: a special task has a ratio of its own",
    ),
    "class": (
        "无法计算:未交付抽取当日的类别,当晚类别只能代表最近的抽查",
        "not computable: the classes of that day are not delivered, and tonight's stand for the latest draws alone",
    ),
    "few": ("无法计算:数量太少", "not computable: too few"),
    "pool": (
        "无法计算:抽中的对象不在当日可抽取的名单之内",
        "not computable: objects were drawn that were not in the pool of that day",
    ),
    "elsewhere": (
        "无法计算:抽中的人员多数不是该机构当日持证人员,人员名单不明",
        "not computable: most officers drawn were not certified at that unit that day, so their pool is not known",
    ),
    "alone": (
        "无法计算:每户对象只记录了一名人员",
        "not computable: the records name one officer per object",
    ),
    "once": ("无法计算:没有对象再次被抽中", "not computable: no merchant was drawn again"),
    "marks": ("无法计算:未交付是否替换", "not computable: substitutions were not delivered"),
    "certificate": (
        "无法计算:未交付执法证有效期",
        "not computable: the validity of certificates was not delivered",
    ),
}
"""Why a test cannot be made, by code."""

UNUSUAL = (
    ";与随机抽取不相符,请核对(专项任务、休假等都可能是原因)",
    "; not what chance gives, please check (a special task, leave and the like may be the reason)",
)
USUAL = (";未见异常", "; nothing unusual")


def said(tested: Tested, is_unusual: bool) -> tuple[str, str]:
    """The sentences of one test."""
    if tested.outcome is None:
        return LACKING[tested.lacking]
    told = vars(tested.outcome) | {"count": f"{tested.count:,}"}
    chance = probability_words("p", tested.outcome.p_value)
    zh, en = (text.format(**told) for text in FOUND[tested.test])
    end_zh, end_en = UNUSUAL if is_unusual else USUAL
    return f"{zh}({chance}){end_zh}。", f"{en} ({chance}){end_en}."
