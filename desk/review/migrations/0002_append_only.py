from django.db import migrations

from desk.audit.append_only import append_only
from desk.review.refused_insert import refused_insert

TABLES = ("decision", "signature", "disposition", "reply", "impression", "unmasking")


class Migration(migrations.Migration):
    dependencies = [("review", "0001_initial"), ("audit", "0002_append_only")]

    operations = [
        *(append_only(f"review_{table}") for table in TABLES),
        refused_insert(
            "review_four_eyes",
            "review_signature",
            "(select reviewer_id from review_decision where decision_id = new.decision_id) = new.signer_id",
            "review_signature: who signs second is not who signed first",
        ),
    ]
