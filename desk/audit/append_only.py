"""Tables whose rows nobody changes or removes again: the database itself refuses it, on both kinds of database.

Whoever may write the database's schema can lift the triggers; what he changes then breaks the chain of the log.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

EVENTS = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}


def append_only(table: str) -> RunPython:
    """An operation of a migration: from here on, rows of `table` are only added.

    It goes into the migration after the one that makes the table. It is undone when the migration is.
    """

    def forwards(_apps, editor: BaseDatabaseSchemaEditor) -> None:
        lay(editor, table)

    def backwards(_apps, editor: BaseDatabaseSchemaEditor) -> None:
        lift(editor, table)

    return RunPython(forwards, backwards)


def lay(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Make the triggers of a table."""
    vendor, said = editor.connection.vendor, f"{table}: rows are only added, never changed or removed"
    if vendor == "postgresql":
        editor.execute(
            f"create or replace function {table}_refused() returns trigger language plpgsql as "
            f"$$ begin raise exception '{said}'; end $$"
        )
    for event in EVENTS[vendor]:
        name = f"{table}_no_{event}"
        if vendor == "sqlite":
            editor.execute(f"create trigger {name} before {event} on {table} begin select raise(abort, '{said}'); end")
        else:
            editor.execute(
                f"create trigger {name} before {event} on {table} for each statement execute function {table}_refused()"
            )


def lift(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Take the triggers of a table away."""
    vendor = editor.connection.vendor
    for event in EVENTS[vendor]:
        name = f"{table}_no_{event}"
        editor.execute(f"drop trigger {name}" + ("" if vendor == "sqlite" else f" on {table}"))
    if vendor == "postgresql":
        editor.execute(f"drop function {table}_refused()")


def protected(editor: BaseDatabaseSchemaEditor) -> list[str]:
    """The tables of this database that have the triggers."""
    asked = {
        "sqlite": "select tbl_name from sqlite_master where type = 'trigger' and name = tbl_name || '_no_update'",
        "postgresql": "select relname from pg_trigger join pg_class on pg_class.oid = tgrelid "
        "where tgname = relname || '_no_update'",
    }
    with editor.connection.cursor() as cursor:
        cursor.execute(asked[editor.connection.vendor])
        return sorted(row[0] for row in cursor.fetchall())
