"""Two nights of a small bureau: what moved is published, a worse model is not put to use, a replay gives the same bytes."""

import dataclasses
import json
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest

from models.calibration import sigmoid
from models.merchant import ground
from models.merchant_setting import DEFAULT
from models.random_correction import Correction
from models.reference import log_odds
from pipelines import training
from pipelines.__main__ import main
from pipelines.drifting import drift_facts, published_before
from pipelines.places import Places
from pipelines.published import manifest, sha256
from pipelines.run import told
from pipelines.sample import make_bureau, write_bureau

FIRST, SECOND = date(2026, 6, 29), date(2026, 6, 30)


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bureau") / "delivery"
    write_bureau(make_bureau(merchants=1000, years=3, seed=11), folder)
    return folder


def run(home: Path, night: date, *more: str) -> int:
    return main(["night", "--as-of", night.isoformat(), "--home", str(home), *more])


def tables(home: Path, night: date) -> dict[str, str]:
    return {path.name: sha256(path) for path in (home / "published" / night.isoformat()).glob("*.parquet")}


def drift(home: Path, night: date, query: str) -> list[tuple]:
    path = home / "published" / night.isoformat() / "drift.parquet"
    return duckdb.sql(query.replace("drift", f"read_parquet('{path}')", 1)).fetchall()


@pytest.fixture(scope="module")
def home(source, tmp_path_factory) -> Path:
    """The first night trains honestly; the second trains a model whose twin was taught with scrambled labels."""
    folder = tmp_path_factory.mktemp("home")
    assert run(folder, FIRST, "--source", str(source), "--delivered-on", FIRST.isoformat(), "--train", "always") == 0
    train = training.train

    def scrambled(learning, tonight, as_of, *rest):
        model = train(learning, tonight, as_of, *rest)
        past = learning[learning["visited_on"] < learning["visited_on"].max() - np.timedelta64(91, "D")]
        scrambled_past = past.assign(is_severe=np.random.default_rng(1).permutation(past["is_severe"].to_numpy()))
        return dataclasses.replace(model, blind=ground(scrambled_past).grown(DEFAULT))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "train", scrambled)
        assert (
            run(folder, SECOND, "--source", str(source), "--delivered-on", SECOND.isoformat(), "--train", "always") == 0
        )
    return folder


def test_a_worse_model_is_made_and_not_used_and_the_night_says_so(home):
    used = manifest(Places(home=home), SECOND)["versions"]["models"]["merchant"]
    assert used["trained_on"] == FIRST.isoformat()
    verdict = used["challenge"]
    assert (verdict["replaces"], verdict["challenger_trained_on"]) == (False, SECOND.isoformat())
    assert verdict["figures"]["auc"]["challenger"] < verdict["figures"]["auc"]["champion"]
    said = told(Places(home=home), SECOND)
    assert "does not replace it" in said and "不替换" in said
    assert "does not replace it" not in told(Places(home=home), FIRST)


@pytest.mark.slow
def test_a_replay_gives_the_same_bytes_with_the_same_model_and_makes_none(home):
    before, used = tables(home, SECOND), manifest(Places(home=home), SECOND)["versions"]["models"]
    assert run(home, SECOND, "--replay") == 0
    assert tables(home, SECOND) == before
    assert manifest(Places(home=home), SECOND)["versions"]["models"] == used


@pytest.mark.slow
def test_an_honest_second_training_replaces_the_first_and_a_replay_of_the_first_stays_as_it_was(home, source):
    """The same recipe on one day more is equal to a hair; trained again as it was, the first night is the same too."""
    before = tables(home, FIRST)
    assert run(home, SECOND, "--source", str(source), "--delivered-on", SECOND.isoformat(), "--train", "always") == 0
    used = manifest(Places(home=home), SECOND)["versions"]["models"]["merchant"]
    auc = used["challenge"]["figures"]["auc"]
    assert used["challenge"]["replaces"] is (auc["challenger"] >= auc["champion"])
    assert used["trained_on"] == (SECOND if used["challenge"]["replaces"] else FIRST).isoformat()
    assert run(home, FIRST, "--replay", "--train", "always") == 0
    assert tables(home, FIRST) == before


def test_every_night_says_of_every_feature_whether_it_has_moved(home):
    card = json.loads((home / "published" / FIRST.isoformat() / "merchant_card.json").read_text())
    features = {feature["name"] for feature in card["features"]}
    for night in (FIRST, SECOND):
        visited = drift(home, night, "select feature from drift where population = 'visited' and measure = 'psi'")
        assert {feature for (feature,) in visited} == features
        assert drift(home, night, "select count(*) from drift where feature = 'score' and value is not null") == [(2,)]
        assert (home / "published" / night.isoformat() / "drift.svg").read_text().startswith("<svg")
        assert drift(home, night, "select count(*) from drift where label_zh is null or reason_en is null") == [(0,)]


def test_one_day_on_the_merchants_are_compared_with_those_of_the_training_night_and_are_stable(home):
    assert drift(
        home,
        SECOND,
        "select distinct reference_end_on, current_end_on, status from drift where population = 'all_merchants'"
        " and measure = 'psi' and feature <> 'score'",
    ) == [(FIRST, SECOND, "stable")]


def test_what_has_shifted_is_told_by_its_name_and_in_both_languages(home, monkeypatch):
    """Never a silent decay: who reads no table reads this line."""
    said = manifest(Places(home=home), SECOND)
    worst = [{"label_zh": "近一年投诉举报", "label_en": "complaints and reports in 365 days"}]
    monkeypatch.setattr(
        "pipelines.run.manifest",
        lambda *_: {**said, "drift": {"features": {"shifted": 4, "stable": 60}, "worst": worst}},
    )
    words = told(Places(home=home), SECOND)
    assert "漂移预警:4项" in words and "近一年投诉举报" in words
    assert "Drift warning: 4 " in words and "complaints and reports in 365 days" in words


def test_the_worst_are_the_probabilities_themselves_then_the_score_then_what_moved_most():
    connection = duckdb.connect()
    connection.execute(
        "create schema score; create table score.drift as select *, feature as label_zh, feature as label_en,"
        " 'visited' as population from (values ('a', 'psi', 'shifted', 0.9), ('a', 'missing_share', 'stable', 0.0),"
        " ('b', 'psi', 'shifted', 3.0), ('score', 'psi', 'shifted', 0.3), ('c', 'psi', 'watch', 9.0),"
        " ('probability', 'calibration', 'shifted', -0.05), ('d', 'psi', 'not_computable', null))"
        " as t(feature, measure, status, value)"
    )
    facts = drift_facts(connection)
    assert facts["features"] == {"not_computable": 1, "shifted": 4, "watch": 1}
    assert [row["feature"] for row in facts["worst"]] == ["probability", "score", "b"]


def test_outcomes_without_a_probability_before_them_are_not_computable_and_published_as_such(home):
    path = home / "published" / SECOND.isoformat() / "not_computable.parquet"
    why = duckdb.sql(f"select reason_en from '{path}' where family = 'drift'").fetchall()
    assert why and "had a probability published before them" in why[0][0]


def publish_night(
    places: Places,
    night: str,
    rows: list[tuple[str, float | None]],
    *,
    hindsight: bool = False,
    model: dict | None = None,
) -> None:
    folder = places.published / night
    folder.mkdir(parents=True)
    values = ", ".join(
        f"(date '{night}', '{merchant}', {p if p is not None else 'null::double'})" for merchant, p in rows
    )
    duckdb.sql(f"from (values {values}) as t(as_of, merchant_id, probability)").write_parquet(
        str(folder / "merchant_risk.parquet")
    )
    said = {"is_hindsight": hindsight, "versions": {"models": {"merchant": model}}}
    (folder / "manifest.json").write_text(json.dumps(said))


def test_the_probability_of_a_visit_is_the_last_one_published_before_its_day(tmp_path):
    """One made on the day of the visit or later may know what the visit found."""
    places = Places(home=tmp_path)
    publish_night(places, "2026-06-01", [("M1", 0.1), ("M2", 0.2)])
    publish_night(places, "2026-06-03", [("M1", 0.3), ("M2", 0.4)])
    publish_night(places, "2026-06-04", [("M1", 0.9), ("M2", 0.9)], hindsight=True)
    connection = duckdb.connect()
    connection.execute(
        "create schema core; create table core.patrol as select * from (values"
        " ('P1', 'M1', date '2026-06-03', true, true), ('P2', 'M1', date '2026-06-04', true, false),"
        " ('P3', 'M2', date '2026-06-05', true, true), ('P4', 'M2', date '2026-06-05', false, null),"
        " ('P5', 'M3', date '2026-06-05', true, true), ('P6', 'M2', date '2026-06-01', true, true))"
        " as t(patrol_id, merchant_id, visited_on, was_inspected, is_severe)"
    )
    found = published_before(connection, places, date(2026, 6, 6), date(2026, 5, 1))
    assert found["probability"].tolist() == [0.1, 0.3, 0.4]
    assert found["is_severe"].tolist() == [True, False, True]
    assert published_before(connection, places, date(2026, 6, 1), date(2026, 5, 1)).empty


def test_where_the_probability_was_corrected_for_merchants_in_general_the_visits_are_held_against_it_uncorrected(
    tmp_path,
):
    """People choose most visits: a probability for drawn merchants would look wrong on them without being wrong."""
    places = Places(home=tmp_path)
    line = Correction(0.7, 0.8, -2.0)
    published = float(sigmoid(line.corrected(log_odds(np.array([0.2])))[0]))
    for night, is_corrected in (("2026-06-01", True), ("2026-06-03", False)):
        used = {"correction": vars(line), "is_corrected": is_corrected}
        publish_night(places, night, [("M1", published)], model=used)
    connection = duckdb.connect()
    connection.execute(
        "create schema core; create table core.patrol as select * from (values"
        " ('P1', 'M1', date '2026-06-02', true, true), ('P2', 'M1', date '2026-06-04', true, false))"
        " as t(patrol_id, merchant_id, visited_on, was_inspected, is_severe)"
    )
    found = published_before(connection, places, date(2026, 6, 6), date(2026, 5, 1))
    assert found["probability"].tolist() == pytest.approx([0.2, published])
