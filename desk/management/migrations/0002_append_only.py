from django.db import migrations

from desk.audit.append_only import append_only
from desk.review.refused_insert import refused_insert

TABLE = "management_rotationdecision"


class Migration(migrations.Migration):
    dependencies = [
        ("management", "0001_initial"),
        ("audit", "0002_append_only"),
        ("accounts", "0001_initial"),
    ]

    operations = [
        append_only(TABLE),
        refused_insert(
            "management_own_move",
            TABLE,
            "exists (select 1 from accounts_user where id = new.decider_id and officer_id = new.officer_id)",
            f"{TABLE}: nobody decides on his own move",
        ),
    ]
