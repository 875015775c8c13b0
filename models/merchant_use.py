"""What the merchant model is for, who may read it, what it must not be used for, what it learns, and where it ends.

Source: DOMAIN.md 2.6 (a tier by model stands beside the others), 2.8 (caps on visits), 2.12 (PIPL Art. 24), 3.21, 3.23.
"""

from __future__ import annotations

from models.bootstrap import DRAWS


def pair(zh: str, en: str) -> dict[str, str]:
    """One text in both languages."""
    return {"zh": zh, "en": en}


PURPOSE = pair(
    "估计一户经营主体在下一次检查中被发现严重问题的概率,供安排检查的先后和次数时参考;由人决定去不去、何时去、查什么。",
    "Estimates the probability that the next visit to a merchant finds something severe, as an aid in deciding whom to visit "
    "first and how often; whether to go, when, and what to check is decided by a human.",
)
READERS = pair(
    "概率和分类:制定巡查计划的人员、业务科室和市场监管所,各限本辖区。本说明页不含任何主体或人员,局内均可阅读,也可用于向当事人说明。",
    "Probabilities and tiers: those who plan patrols, business sections and stations, each for their own area. This card "
    "names no merchant and no person: everyone in the bureau may read it, and it may be used to explain to a merchant.",
)
FORBIDDEN = (
    pair(
        "不得据以处罚,不得在没有人到场检查的情况下产生任何后果;得分不是证据。",
        "No penalty may rest on it, nor any consequence without a visit by a human; a score is no evidence.",
    ),
    pair(
        "不得仅凭自动化结果作出对个人权益有重大影响的决定;当事人有权要求说明,并有权拒绝(个人信息保护法第24条)。",
        "No decision with a major effect on a person may rest on it alone; whom it concerns may ask for an explanation and "
        "refuse such a decision (Personal Information Protection Law, Art. 24).",
    ),
    pair(
        "不得用于评价、考核或追究任何执法人员;模型不知道是谁去检查的。",
        "No judgement, appraisal or inquiry of any officer may use it; the model does not know who visited.",
    ),
    pair(
        "不得对外公布,不得代替规则分类和企业信用风险分类(国市监信发〔2022〕6号),不得据以突破入企检查频次上限。",
        "It is not published outside, replaces neither the tier by rule nor the credit risk class, and lifts no cap on "
        "visits.",
    ),
)
LABEL = {
    **pair(
        "一次实际进行的检查(到场且见到人)是否发现严重问题;没查成的检查(关门、查无下落)不算。",
        "Whether a visit that took place (someone was met and checked) found something severe; visits that found the door "
        "closed or no merchant do not count.",
    ),
    "with_severe_finding_count": pair(
        "交付的巡查记录有“严重问题数”一栏:严重问题数 ≥ 1。",
        "Where the delivered patrols have the column severe_finding_count: severe_finding_count ≥ 1.",
    ),
    "without_severe_finding_count": pair(
        "交付的巡查记录没有该栏:检查结果为“移送立案”。",
        "Where they do not have that column: result = case_referred.",
    ),
}
LIMITS = (
    pair(
        "只从实际进行的检查中学习:很少有人去的主体,它知道得最少;去谁家由人选定,不是随机的。",
        "It learned from visits that took place: of merchants that nobody visits it knows least, and who was visited was "
        "chosen by people, not at random.",
    ),
    pair(
        "检查人员没有发现的问题不在记录里,再严重它也不知道。",
        "What an officer does not find is not in the records, however severe.",
    ),
    pair(
        "尽量排除检查人员的宽严:检查结果与同一人员在别处的发现水平比较后才成为特征;学习时先扣除人员、季度和检查类型的影响,"
        "打分时不再加回。若某人员只去同一批主体,其宽严与主体的好坏仍分不开。",
        "Leniency is kept out as far as can be: a finding becomes a feature only against what the same officer finds "
        "elsewhere; while learning, what officer, quarter and kind of visit add is taken off first, and left off in scoring. "
        "Where an officer always visits the same merchants, his leniency and their virtue cannot be told apart.",
    ),
    pair(
        "不使用企业信用风险分类:记录没有说明它自何时起有效,用了就等于提前知道后来的事。",
        "The credit risk class is not used: the records do not say since when it holds, and it may know what came later.",
    ),
    pair(
        "特征中没有主体名称、负责人或任何个人的身份。",
        "No name of a merchant, no owner and no person's identity is among the features.",
    ),
    pair(
        f"区间只反映被检查主体的抽样({DRAWS}次按主体重抽),不含重新训练的变动;除最后一季外,各季也参与了参数选择,数字略偏乐观。",
        f"Intervals tell of the sample of merchants visited alone ({DRAWS} draws of merchants), not of training anew; all "
        "quarters but the last also chose the setting, so that their figures are slightly favourable.",
    ),
    pair(
        "概率按上述各季的总体水平校准;严重问题的总体水平若变化,概率随之偏高或偏低(见漂移表)。",
        "Probabilities have the level of those quarters; where the level of severe findings moves, they are too high or too "
        "low (see the table drift).",
    ),
)
