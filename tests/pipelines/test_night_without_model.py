"""A night before any model was trained."""

from pathlib import Path

import duckdb

from pipelines.__main__ import main

AS_OF = "2026-06-30"
ROOT = Path(__file__).resolve().parents[2]


def test_without_a_model_and_without_training_the_rule_tiers_stand_and_the_rest_is_not_computable(tmp_path):
    """What is not computed is said so, never filled in."""
    home, source = tmp_path / "home", ROOT / "data" / "samples" / "delivery"
    arguments = ["--as-of", AS_OF, "--home", str(home), "--train", "never"]
    assert main(["night", "--source", str(source), *arguments]) == 0

    def ask(table: str, query: str) -> list[tuple]:
        path = home / "published" / "current" / f"{table}.parquet"
        return duckdb.read_parquet(str(path)).query("published", query).fetchall()

    missing = "select count(*) from published where probability is not null or patrol_tier is null"
    assert ask("merchant_risk", missing) == [(0,)]
    why = "select family, reason_en from published where subject_kind = 'bureau'"
    assert "no model has been trained by this version yet" in dict(ask("not_computable", why))["merchant_risk"]
    assert "random draws are counted at a training" in dict(ask("not_computable", why))["random_arm"]
    assert ask("random_arm", "select count(*) from published") == [(0,)]
    assert ask("red_flag", "select count(*) from published") == [(0,)]
