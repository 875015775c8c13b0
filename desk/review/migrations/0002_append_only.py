from django.db import migrations

from desk.audit.append_only import append_only
from desk.review.four_eyes import lay, lift

TABLES = ("decision", "signature", "disposition", "reply", "impression", "unmasking")


class Migration(migrations.Migration):
    dependencies = [("review", "0001_initial"), ("audit", "0002_append_only")]

    operations = [*(append_only(f"review_{table}") for table in TABLES), migrations.RunPython(lay, lift)]
