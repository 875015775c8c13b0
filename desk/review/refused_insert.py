"""Rows that the database itself refuses to take, on both kinds of database."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython


def refused_insert(name: str, table: str, condition: str, said: str) -> RunPython:
    """An operation of a migration: from here on `table` takes no row for which `condition` on `new` holds, and says why."""

    def lay(_apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f"create or replace function {name}() returns trigger language plpgsql as "
                f"$$ begin if {condition} then raise exception '{said}'; end if; return new; end $$"
            )
            editor.execute(f"create trigger {name} before insert on {table} for each row execute function {name}()")
        else:
            editor.execute(
                f"create trigger {name} before insert on {table} when {condition} begin select raise(abort, '{said}'); end"
            )

    def lift(_apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"drop trigger {name} on {table}")
            editor.execute(f"drop function {name}()")
        else:
            editor.execute(f"drop trigger {name}")

    return RunPython(lay, lift)
