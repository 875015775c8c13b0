from django.db import migrations

from desk.review.refused_insert import refused_insert

IS_LEAD = """exists (
    select 1 from review_decision as lead
    join review_signature as second_one on second_one.decision_id = lead.decision_id
    where lead.flag_key = new.flag_key and lead.outcome = 'transferred_to_lead' and second_one.is_agreed
        and not exists (
            select 1 from review_decision as later
            where later.flag_key = lead.flag_key and later.number > lead.number
        )
)"""


class Migration(migrations.Migration):
    dependencies = [("review", "0002_append_only")]

    operations = [
        refused_insert(
            "review_lead_stands",
            "review_decision",
            IS_LEAD,
            "review_decision: a lead that two signed is not decided about again",
        )
    ]
