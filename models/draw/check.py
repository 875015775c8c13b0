"""A draw repeated from its own files: what differs from what was drawn, each name told.

Every difference is a pair of sentences, Chinese and English. Nothing differs: nothing is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from models.draw.lot import Drawn, draw, drawn_text, number_form, read_drawn, seed_of
from models.draw.pool import COLUMNS, COMMITTED, DrawPool, PoolUnreadable, read_pool, sha256
from models.draw.substitution import SUBSTITUTIONS, assigned, refuse_substitution

Difference = tuple[str, str]


def check_commit(pool_text: str, commit: Mapping[str, Any]) -> Iterator[Difference]:
    """Whether the pool is still the one that was committed to."""
    found = sha256(pool_text)
    if found != commit["pool_sha256"]:
        yield (
            f"名单在承诺之后被改动:pool.csv的哈希为{found},承诺为{commit['pool_sha256']}",
            f"the pool was changed after the commit: pool.csv has the hash {found}, committed was {commit['pool_sha256']}",
        )
        return
    try:
        pool = read_pool(pool_text)
    except PoolUnreadable as error:
        yield f"名单无法读取:{error}", f"{error}"
        return
    if dict(pool.strata) != commit["shares_per_10000"]:
        yield "commit.json中的抽取比例与名单不符", "the ratios of commit.json are not those of the pool"
    for name in COMMITTED:
        if pool.committed.get(name, "") != commit[name]:
            yield f"commit.json中的{name}与名单不符", f"{name} of commit.json is not that of the pool"


def check_draw(
    pool_text: str, commit: Mapping[str, Any], reveal: Mapping[str, Any], drawn_now: str
) -> Iterator[Difference]:
    """Whether the seed follows from pool and number, and every drawn name from the seed; the pool is as committed."""
    pool = read_pool(pool_text)
    try:
        yield from check_number(pool, reveal["public_number"], reveal["source"], reveal["drawn_on"])
    except ValueError as error:
        yield f"reveal.json中的公开号码没有数字:{error}", f"reveal.json: {error}"
        return
    if not _is_moment_of(reveal["revealed_at"], reveal["drawn_on"]):
        yield "reveal.json中的揭晓时间与抽取日不符", "the moment of the reveal is not one of the day of the draw"
    seed = seed_of(commit["pool_sha256"], reveal["public_number"])
    if seed != reveal["seed"]:
        yield (
            "种子或公开号码被改动:两者与名单的哈希不再相符",
            "the seed or the public number was changed: they no longer follow from the hash of the pool",
        )
    try:
        told = read_drawn(drawn_now)
    except ValueError as error:
        yield f"drawn.csv无法读取:{error}", f"{error}"
        return
    right = draw(pool, seed)
    differing = list(compared(right, told))
    yield from differing
    if not differing and drawn_now != drawn_text(right):
        yield "drawn.csv的行序或写法被改动", "the order or the form of the lines of drawn.csv was changed"
    if sha256(drawn_now) != reveal["drawn_sha256"] and drawn_now == drawn_text(right):
        yield "reveal.json中drawn.csv的哈希被改动", "the hash of drawn.csv in reveal.json was changed"


def _is_moment_of(moment: str, day: str) -> bool:
    try:
        return datetime.fromisoformat(moment).date() == date.fromisoformat(day)
    except ValueError:
        return False


def check_number(pool: DrawPool, number: str, source: str, drawn_on: str) -> Iterator[Difference]:
    """Whether it is the number that the pool was committed to: its source, its form, and not before its day."""
    said, form = pool.committed, number_form(number)
    if said.get("number_source", source) != source:
        yield (
            f"公开号码的来源不是承诺的{said['number_source']}",
            f"it is committed to another number: {said['number_source']}; the source must be told as it stands there",
        )
    if said.get("number_form", form) != form:
        yield (
            f"公开号码的位数为{form},承诺的是{said['number_form']}",
            f"the number has the form {form}, committed was {said['number_form']}; give every digit as it was announced",
        )
    if drawn_on < said.get("announced_on", drawn_on):
        yield (
            f"抽取日{drawn_on}早于公开号码的公布日{said['announced_on']}",
            f"drawn on {drawn_on}, before the number comes out on {said['announced_on']}",
        )


def pools_compared(right: str, text: str) -> Iterator[Difference]:
    """Each line that the pool has and should not, or lacks: `right` made anew from the same night, `text` as committed.

    Rules of COMMITTED are not compared: they come from the commit itself, the same in both.
    """
    bound = tuple(f"rule,{name}," for name in COMMITTED)
    should, does = ({line for line in each.split("\n") if not line.startswith(bound)} for each in (right, text))
    for line in sorted(should ^ does):
        told = " ".join(filter(None, dict(zip(COLUMNS, line.split(","), strict=False)).values()))
        if line in does:
            yield f"名单多出“{told}”:当夜数据与政策得不出", f"the pool has '{told}', which night and policy do not give"
        else:
            yield f"名单缺少“{told}”:当夜数据与政策应有", f"the pool lacks '{told}', which night and policy give"


def compared(right: Sequence[Drawn], told: Sequence[Drawn]) -> Iterator[Difference]:
    """Each object added, removed or moved, and each officer that differs, between the repeated draw and drawn.csv."""
    should, does = ({each.merchant_id: each for each in rows} for rows in (right, told))
    for merchant in sorted(set(does) - set(should)):
        yield f"多出对象{merchant}:抽取结果中没有它", f"object {merchant} was added: the draw does not give it"
    for merchant in sorted(set(should) - set(does)):
        yield f"缺少对象{merchant}:抽取结果中有它", f"object {merchant} was removed: the draw gives it"
    if len(does) != len(told):
        yield "drawn.csv中有对象出现两次", "an object stands twice in drawn.csv"
    for merchant in sorted(set(should) & set(does)):
        one, other = should[merchant], does[merchant]
        if one.officer_ids != other.officer_ids:
            yield (
                f"对象{merchant}的人员应为{_named(one, '、')},文件中为{_named(other, '、')}",
                f"object {merchant} was drawn with {_named(one, ', ')}, the file has {_named(other, ', ')}",
            )
        elif one != other:
            yield (
                f"对象{merchant}的序号、类别或抽签值被改动",
                f"place, stratum or ticket of object {merchant} was changed",
            )


def _named(each: Drawn, joined: str) -> str:
    return joined.join(each.officer_ids) or "–"


def check_substitutions(
    pool: DrawPool, drawn: Sequence[Drawn], first_sha256: str, text: str, places: Sequence[tuple[str, str, bool]]
) -> Iterator[Difference]:
    """Whether the list of substitutions is whole and allowed, and random_draw.csv holds exactly the places it gave.

    first_sha256 : hash of drawn.csv as revealed. places : merchant, officer and is_substituted of random_draw.csv.
    """
    substitutions, wrong = SUBSTITUTIONS.read(text, first_sha256)
    yield from wrong
    for number, each in enumerate(substitutions):
        if not _is_moment_of(each.substituted_at, each.substituted_at[:10]):
            yield f"替换记录{each.number}没有时间", f"substitution {each.number} has no moment"
        try:
            refuse_substitution(each, pool, assigned(drawn, substitutions[:number]))
        except ValueError as error:
            yield f"替换记录{each.number}不应成立:{error}", f"substitution {each.number} is not allowed: {error}"
    right = Counter(all_places(drawn, [(each.merchant_id, each.officer_id) for each in substitutions]))
    counted = Counter(places)
    for merchant, officer, is_substituted in sorted(each for each in right | counted if right[each] != counted[each]):
        way_zh, way_en = ("替换", "by hand") if is_substituted else ("抽签", "by lot")
        if counted[merchant, officer, is_substituted] > 1:
            yield (
                f"random_draw.csv中{merchant}的{officer}({way_zh})出现多次",
                f"random_draw.csv has {officer} at {merchant} ({way_en}) more than once",
            )
        elif (merchant, officer, is_substituted) in right:
            yield (
                f"random_draw.csv缺少{merchant}的{officer}({way_zh})",
                f"random_draw.csv lacks {officer} at {merchant} ({way_en})",
            )
        else:
            yield (
                f"random_draw.csv中{merchant}的{officer}({way_zh})没有依据,可能有替换记录被删除",
                f"random_draw.csv has {officer} at {merchant} ({way_en}) without ground: a substitution line may have been removed",
            )


def all_places(drawn: Sequence[Drawn], by_hand: Sequence[tuple[str, str]]) -> list[tuple[str, str, bool]]:
    """Merchant, officer and is_substituted: every place as the lot gave it, and those given by hand since.

    Who was replaced keeps his place of the lot, so that past draws can be held against chance; who came instead is marked.
    """
    lot = [(each.merchant_id, officer, False) for each in drawn for officer in each.officer_ids]
    taken = {(merchant, officer) for merchant, officer, _ in lot}
    # whoever is put back to where the lot had sent him has his place already
    return [
        *lot,
        *(
            (merchant, officer, True)
            for merchant, officer in dict.fromkeys(by_hand)
            if (merchant, officer) not in taken
        ),
    ]
