"""Published hints held against a known truth: what the families find of what was planted, and whom they name wrongly.

The truth of a synthetic bureau says who has which pattern, and who only looks like it (a confounder). An officer is named
by a hint about him or about a pair that he is in (`officer|other`); an institution by a hint about it. Hints about a
single case name nobody and are left out.

A subject named by a family is *right* where that very pattern is planted on it, *related* where another is, and *false*
where nothing is planted: a look-alike is false too. precision = right / (right + false); strict_precision counts the
related as false. recall = planted subjects found / planted. What has no denominator is NaN, never 0 or 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

REMINDER_FAMILY = "hot_post_tenure"
"""Its reminders are what was wanted: they count at every threshold. No other family's reminder counts."""

THRESHOLDS = {"weak": ("weak", "moderate", "strong"), "moderate": ("moderate", "strong"), "strong": ("strong",)}
"""Strengths that count from each threshold on."""

SUBJECTS = ("officer", "institution")
COUNTS = (
    "planted_count",
    "named_count",
    "right_count",
    "related_count",
    "false_count",
    "look_alike_count",
)
SHARES = ("recall", "precision", "strict_precision")


@dataclass(frozen=True)
class Agreement:
    """Hints of one world against its truth.

    families : per subject_kind, family and threshold the COUNTS and SHARES (look_alike_count: how many of the false are
    planted look-alikes). behaviours : per planted behaviour, family and threshold planted_count, found_count, recall.
    confounders : per look-alike, subject_kind and naming family (empty where none names any) subject_count,
    weak_count and moderate_count: how many of them are named at least so.
    false_flag_count : moderate or strong hints (officer and family) about officers on whom nothing is planted.
    false_officer_count : those officers. officer_flag_count : all moderate or strong hints about officers.
    """

    families: pd.DataFrame
    behaviours: pd.DataFrame
    confounders: pd.DataFrame
    false_flag_count: int
    false_officer_count: int
    officer_flag_count: int


def hold_against(flags: pd.DataFrame, truth: pd.DataFrame, family_names: Sequence[str]) -> Agreement:
    """Hold the hints of one night (subject_kind, subject_id, family, strength) against the truth of that world.

    truth : subject_kind, subject_id, family, behaviour, is_confounder (boolean). family_names : the families that were
    asked; those that are planted but were not asked have recall 0. ValueError where a subject of the truth is neither
    an officer nor an institution.
    """
    unknown = sorted(set(truth["subject_kind"]) - set(SUBJECTS))
    if unknown:
        raise ValueError(f"truth: subject_kind must be officer or institution; found {unknown[0]!r}; correct the truth")
    named = _named(flags)
    is_confounder = truth["is_confounder"].astype(bool)
    planted = truth[~is_confounder].drop_duplicates(["subject_kind", "subject_id", "family", "behaviour"])
    alike = truth[is_confounder]
    families = list(dict.fromkeys([*family_names, *sorted(set(planted["family"]) | set(named["family"]))]))
    family_rows, behaviour_rows = [], []
    for threshold in THRESHOLDS:
        heard = _heard(named, threshold)
        family_rows.append(_by_family(heard, planted, alike, families).assign(threshold=threshold))
        behaviour_rows.append(_by_behaviour(heard, planted).assign(threshold=threshold))
    loud = _loud(named)
    officers = loud[loud["subject_kind"] == "officer"]
    unplanted = officers[~officers["subject_id"].isin(planted.loc[planted["subject_kind"] == "officer", "subject_id"])]
    return Agreement(
        families=pd.concat(family_rows, ignore_index=True)[["subject_kind", "family", "threshold", *COUNTS, *SHARES]],
        behaviours=pd.concat(behaviour_rows, ignore_index=True),
        confounders=_confounders(named, alike),
        false_flag_count=len(unplanted),
        false_officer_count=unplanted["subject_id"].nunique(),
        officer_flag_count=len(officers),
    )


def over_worlds(agreements: Iterable[Agreement]) -> pd.DataFrame:
    """Per subject_kind, family and threshold, over several worlds: the sum of each count, and of each share the mean
    over the worlds that have it, its lowest and its highest (`recall`, `recall_low`, `recall_high`)."""
    every = pd.concat([agreement.families for agreement in agreements], ignore_index=True)
    grouped = every.groupby(["subject_kind", "family", "threshold"], sort=False)
    parts = [grouped[list(COUNTS)].sum(), grouped[list(SHARES)].mean()]
    parts += [grouped[list(SHARES)].min().add_suffix("_low"), grouped[list(SHARES)].max().add_suffix("_high")]
    return pd.concat(parts, axis=1).reset_index()


def _named(flags: pd.DataFrame) -> pd.DataFrame:
    """Who is named by which family how strongly: subject_kind (officer, institution), subject_id, family, strength."""
    named = flags[flags["subject_kind"].isin([*SUBJECTS, "pair"])][["subject_kind", "subject_id", "family", "strength"]]
    is_pair = named["subject_kind"] == "pair"
    return named.assign(
        subject_id=named["subject_id"]
        .astype(str)
        .where(~is_pair, named["subject_id"].astype(str).str.split("|").str[0]),
        subject_kind=named["subject_kind"].where(~is_pair, "officer"),
    )


def _heard(named: pd.DataFrame, threshold: str) -> pd.DataFrame:
    """Each subject and family named at least so strongly, once."""
    counts = named["strength"].isin(THRESHOLDS[threshold])
    counts |= (named["strength"] == "reminder") & (named["family"] == REMINDER_FAMILY)
    return named.loc[counts, ["subject_kind", "subject_id", "family"]].drop_duplicates()


def _loud(named: pd.DataFrame) -> pd.DataFrame:
    """As `_heard` from moderate on, without reminders: what looks like an accusation to who reads it."""
    is_loud = named["strength"].isin(THRESHOLDS["moderate"])
    return named.loc[is_loud, ["subject_kind", "subject_id", "family"]].drop_duplicates()


def _by_family(
    heard: pd.DataFrame, planted: pd.DataFrame, alike: pd.DataFrame, families: Sequence[str]
) -> pd.DataFrame:
    """COUNTS and SHARES of each family, for officers and, where any is planted or named, for institutions."""
    rows = []
    for kind in SUBJECTS:
        has_any = planted[planted["subject_kind"] == kind]
        look_alikes = set(alike.loc[alike["subject_kind"] == kind, "subject_id"])
        anything = set(has_any["subject_id"])
        for family in families:
            wanted = set(has_any.loc[has_any["family"] == family, "subject_id"])
            is_here = (heard["subject_kind"] == kind) & (heard["family"] == family)
            found = set(heard.loc[is_here, "subject_id"])
            if kind == "institution" and not (wanted or found):
                continue
            right, false = found & wanted, found - anything
            related = found - wanted - false
            counts = (wanted, found, right, related, false, false & look_alikes)
            row = {"subject_kind": kind, "family": family}
            row |= {name: len(members) for name, members in zip(COUNTS, counts, strict=True)}
            row["recall"] = _share(len(right), len(wanted))
            row["precision"] = _share(len(right), len(right) + len(false))
            row["strict_precision"] = _share(len(right), len(found))
            rows.append(row)
    return pd.DataFrame(rows, columns=["subject_kind", "family", *COUNTS, *SHARES])


def _by_behaviour(heard: pd.DataFrame, planted: pd.DataFrame) -> pd.DataFrame:
    """How many with each planted behaviour are found in its family, in the order of the truth."""
    found = planted.merge(heard.assign(is_found=True), on=["subject_kind", "subject_id", "family"], how="left")
    found["is_found"] = found["is_found"].eq(True)
    table = found.groupby(["behaviour", "family"], sort=False)["is_found"].agg(["size", "sum"]).reset_index()
    table = table.rename(columns={"size": "planted_count", "sum": "found_count"})
    table["found_count"] = table["found_count"].astype(int)
    return table.assign(recall=table["found_count"] / table["planted_count"])


def _confounders(named: pd.DataFrame, alike: pd.DataFrame) -> pd.DataFrame:
    """How many of each kind of look-alike are named, and by which family."""
    subjects = alike[["behaviour", "subject_kind", "subject_id"]].drop_duplicates()
    weak, moderate = _heard(named, "weak"), _loud(named).assign(is_loud=True)
    met = subjects.merge(weak, on=["subject_kind", "subject_id"], how="left")
    met = met.merge(moderate, on=["subject_kind", "subject_id", "family"], how="left")
    met["family"] = met["family"].astype(object).where(met["family"].notna(), "")
    met["is_named"], met["is_loud"] = met["family"] != "", met["is_loud"].eq(True)
    size = subjects.groupby(["behaviour", "subject_kind"]).size().rename("subject_count")
    table = met.groupby(["behaviour", "subject_kind", "family"], sort=False)[["is_named", "is_loud"]].sum()
    table = table.rename(columns={"is_named": "weak_count", "is_loud": "moderate_count"}).astype(int).reset_index()
    names_somebody = table.groupby(["behaviour", "subject_kind"])["weak_count"].transform("max") > 0
    table = table[(table["weak_count"] > 0) | ~names_somebody]
    table = table.join(size, on=["behaviour", "subject_kind"])
    return table[["behaviour", "subject_kind", "subject_count", "family", "weak_count", "moderate_count"]].reset_index(
        drop=True
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
