"""Give phrases below a principle the posts of that principle where their table names none."""

from django.db import migrations


def inherit(apps, schema_editor):
    Phrase = apps.get_model("pages", "Phrase")
    for row in Phrase.objects.exclude(principle=None).select_related("principle"):
        if not row.posts and row.principle.posts:
            row.posts = row.principle.posts
            row.save(update_fields=["posts"])


class Migration(migrations.Migration):

    dependencies = [("pages", "0005_ask_of_sections")]

    operations = [migrations.RunPython(inherit, migrations.RunPython.noop)]
