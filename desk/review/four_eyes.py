"""The database itself refuses a second signature by whoever signed first, on both kinds of database."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SAID = "review_signature: who signs second is not who signed first"
SAME = "(select reviewer_id from review_decision where decision_id = new.decision_id) = new.signer_id"


def lay(_apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the trigger."""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "create or replace function review_four_eyes() returns trigger language plpgsql as "
            f"$$ begin if {SAME} then raise exception '{SAID}'; end if; return new; end $$"
        )
        editor.execute(
            "create trigger review_four_eyes before insert on review_signature "
            "for each row execute function review_four_eyes()"
        )
    else:
        editor.execute(
            f"create trigger review_four_eyes before insert on review_signature when {SAME} "
            f"begin select raise(abort, '{SAID}'); end"
        )


def lift(_apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take the trigger away."""
    if editor.connection.vendor == "postgresql":
        editor.execute("drop trigger review_four_eyes on review_signature")
        editor.execute("drop function review_four_eyes()")
    else:
        editor.execute("drop trigger review_four_eyes")
