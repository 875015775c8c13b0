"""The trades of the merchants: GB/T 4754 codes, how common and how risky each is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Industry:
    """One trade: code, word in a merchant's name, share of merchants, effect on risk (log odds), key industry or not."""

    code: str
    word: str
    share: float
    risk: float
    is_key: bool = False
    violations: str = "general"


INDUSTRIES = (
    Industry("1310", "粮油加工", 0.006, 0.55, True, "food"),
    Industry("1411", "糕点", 0.010, 0.65, True, "food"),
    Industry("1512", "酒坊", 0.004, 0.55, True, "food"),
    Industry("6210", "餐馆", 0.150, 0.55, True, "food"),
    Industry("6220", "快餐", 0.050, 0.45, True, "food"),
    Industry("6231", "茶饮", 0.030, 0.20, True, "food"),
    Industry("5212", "超市", 0.110, 0.25, True, "food"),
    Industry("5229", "食品店", 0.060, 0.35, True, "food"),
    Industry("5251", "药店", 0.020, 0.15, True, "drug"),
    Industry("5166", "农资", 0.014, 0.40, True, "quality"),
    Industry("2672", "烟花", 0.002, 0.80, True, "quality"),
    Industry("9013", "网吧", 0.004, 0.60, True),
    Industry("9011", "歌厅", 0.005, 0.55, True),
    Industry("5211", "百货", 0.120, -0.10, False, "quality"),
    Industry("5232", "服装", 0.095, -0.35, False, "quality"),
    Industry("5274", "手机", 0.040, 0.00, False, "advertising"),
    Industry("5283", "五金", 0.050, -0.20, False, "quality"),
    Industry("8111", "汽修", 0.045, 0.15, False, "advertising"),
    Industry("8040", "理发", 0.060, -0.20, False, "advertising"),
    Industry("8051", "洗浴", 0.012, 0.10, False, "advertising"),
    Industry("3351", "五金加工", 0.025, -0.10, False, "quality"),
    Industry("1811", "制衣", 0.020, -0.20, False, "quality"),
    Industry("7249", "咨询", 0.030, -0.70),
    Industry("6513", "软件", 0.013, -0.90),
    Industry("5437", "货运", 0.025, -0.40),
)  # fmt: skip
"""Shares add up to one."""
