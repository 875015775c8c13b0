"""The decisions of the architecture, one small test each; the docstring says why."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from models.flags import families
from pipelines.contract import delivered_tables, published_tables
from pipelines.nights import bound_values
from pipelines.page import FOLDER
from pipelines.warehouse.statement import SQL_FOLDER, parse, statements

ROOT = Path(__file__).resolve().parents[2]
CODE = [path for room in ("models", "pipelines", "desk", "tests") for path in sorted((ROOT / room).rglob("*.py"))]


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).exists()]


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", sorted((ROOT / "models").rglob("*.py")), ids=lambda path: path.stem)
def test_models_judge_without_files_engines_or_a_clock(path):
    """A judgement that reads a clock or a file cannot be repeated, and cannot be explained to the one it judges."""
    forbidden = {"dagster", "duckdb", "pathlib", "time", "os", "pipelines", "desk", "great_expectations", "random"}
    assert not {name for name in imported(path) if name.split(".")[0] in forbidden}
    assert not re.search(r"\b(date\.today|datetime\.now|datetime\.utcnow|open)\(", path.read_text(encoding="utf-8"))


def test_pipelines_and_models_never_import_the_desk_or_the_tests():
    """Arrows run one way: what people decide comes back as a delivery, never as an import."""
    for path in CODE:
        if path.relative_to(ROOT).parts[0] in ("models", "pipelines"):
            assert not {name for name in imported(path) if name.split(".")[0] in {"desk", "tests"}}, path


def test_the_desk_knows_of_the_night_what_is_published_and_the_policy():
    """It never opens the warehouse: what it shows is what no longer changes."""
    for path in CODE:
        if path.relative_to(ROOT).parts[0] != "desk":
            continue
        foreign = {name for name in imported(path) if name.split(".")[0] in {"pipelines", "tests", "dagster", "models"}}
        # `from models import policy` is an import of models with one name
        assert {name for name in foreign if not name.startswith("models.policy") and name != "models"} == set(), path
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"from models import (?!policy\b)|\.duckdb\b", text), path


def test_no_file_has_a_name_that_says_nothing():
    """A drawer called utils has no bottom."""
    empty = {"utils", "util", "helpers", "helper", "common", "base", "misc"}
    assert not [path for path in tracked() if path.stem in empty]


def test_every_file_can_be_read_at_one_sitting():
    """Nobody keeps a file whole in mind that he cannot read in one go; a list of tests may be a little longer."""
    for path in CODE:
        limit = 400 if "tests" in path.relative_to(ROOT).parts else 260
        assert len(path.read_text(encoding="utf-8").splitlines()) <= limit, path.relative_to(ROOT)


def test_no_path_of_one_machine_and_no_registry_stands_in_the_tree():
    """What names one machine breaks on the next; a closed network has no registry."""
    for path in tracked():
        if path.suffix in {".parquet", ".xlsx", ".png", ".svg", ".mo"} or path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(/(home/\w+|root|work|tmp)/|pypi[.]org|pythonhosted|npmjs)", text), path


def test_folder_file_and_table_have_one_spelling():
    """sql/feature/officer.sql = feature.officer = asset feature/officer: nobody has to look a name up."""
    for table, statement in statements().items():
        assert (SQL_FOLDER / statement.schema / f"{statement.name}.sql").exists(), table


def test_sql_is_plain_text_with_bound_values_only():
    """A template engine in SQL hides what runs; a value formatted in is an injection waiting."""
    for statement in statements().values():
        assert not re.search(r"\{\{|\{%|\{[a-z_]+\}", statement.text), statement.table


def test_sql_reads_each_room_only_from_the_one_before_it():
    """raw → core → feature: a feature that reads raw would skip what core knows of time."""
    may_read = {"core": {"raw", "core"}, "feature": {"core", "feature"}}
    for statement in statements().values():
        assert {schema for schema, _ in statement.upstreams} <= may_read[statement.schema], statement.table


def test_every_value_that_a_text_binds_is_one_that_a_night_gives():
    from datetime import date

    from models import policy

    night = date(2026, 6, 30)
    given = set(bound_values(night, policy.on(night), is_training=True))
    for statement in statements().values():
        assert set(statement.parameters) <= given, statement.table


def test_every_feature_has_a_label_in_both_languages():
    """The reader of a reason must not meet a bare column name."""
    for statement in statements().values():
        for column in statement.columns:
            assert re.search(r"[\u4e00-\u9fff]", column.zh), (statement.table, column.name)
            assert column.en and not re.search(r"[\u4e00-\u9fff]", column.en), (statement.table, column.name)


def test_a_header_that_does_not_follow_the_form_is_refused_with_its_line():
    with pytest.raises(ValueError, match="x.sql: a column line is 'name | unit | Chinese | English', found 'a, b'"):
        parse("-- core.x · 甲 · x\n-- grain: a\n-- a, b\nselect 1 as a\n", "x.sql")


def test_every_column_name_of_the_contract_has_one_chinese_header_in_its_table():
    for table in [*delivered_tables().values(), *published_tables().values()]:
        headers = [column.zh for column in table.columns]
        assert len(set(headers)) == len(headers), table.name


def test_a_flag_family_is_one_file_whose_docstring_is_its_page():
    """Adding a family adds a file and edits none; the page is where a reader finds what it means."""
    known = published_tables()["red_flag"].column("family").values
    for name, module in families().items():
        assert name in known
        assert callable(module.judge) and module.NEEDS
        page = module.__doc__ or ""
        for heading in ("What", "Formula", "Example", "Why", "Innocent", "Source", "Unit", "Excluded"):
            assert heading in page, f"models/flags/{name}.py: its page lacks {heading}"


def test_what_the_law_forbids_is_no_feature():
    """PIPL Art 6 and 28: age, sex, origin, health and way of life are not needed, and therefore not taken."""
    forbidden = re.compile(
        r"(^|_)(age|sex|gender|birth\w*|ethnic\w*|origin|native\w*|health|religion|marriage|marital|lifestyle)(_|$)"
    )
    for statement in statements().values():
        if statement.name.startswith("officer"):
            assert not [column.name for column in statement.columns if forbidden.search(column.name)], statement.table


def test_words_of_a_verdict_stand_nowhere_that_a_reader_looks():
    """A flag is a hint: it must never print what only a discipline office can establish."""
    told = [*SQL_FOLDER.rglob("*.sql"), *(ROOT / "data" / "contract").rglob("*.toml"), *FOLDER.glob("*.html")]
    told += [path for ending in ("*.html", "*.po") for path in (ROOT / "desk").rglob(ending)]
    for path in [*CODE, *told]:
        if "tests" in path.relative_to(ROOT).parts:
            continue
        assert not re.search("违纪|嫌疑人|probability of misconduct", path.read_text(encoding="utf-8")), path
