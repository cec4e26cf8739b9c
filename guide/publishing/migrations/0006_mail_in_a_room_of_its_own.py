from django.db import migrations


class Migration(migrations.Migration):
    """Letters move to the app `mail` with all that waits in them: the table is only named anew."""

    dependencies = [("publishing", "0005_review_reminders")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable("Letter", "mail_letter")],
            state_operations=[migrations.DeleteModel("Letter")],
        ),
    ]
