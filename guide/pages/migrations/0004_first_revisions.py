"""Give each page that is there its first revision, and the place where it stands."""

from hashlib import sha256

from django.db import migrations

BATCH = 500


def record_pages(apps, schema_editor):
    Page = apps.get_model("pages", "Page")
    Revision = apps.get_model("pages", "Revision")
    Placement = apps.get_model("pages", "Placement")
    pages = list(Page.objects.filter(revisions=None).order_by("pk"))
    Revision.objects.bulk_create([_revision(Revision, page) for page in pages], batch_size=BATCH)
    Placement.objects.bulk_create(
        [
            Placement(page_id=page.pk, parent_id=page.parent_id, position=page.position, since=page.changed_at)
            for page in pages
            if page.withdrawn_at is None
        ],
        batch_size=BATCH,
    )


def _revision(model, page):
    is_from_file = page.text == page.file_text
    return model(
        page_id=page.pk, number=1, title=page.title, text=page.text, sha256=sha256(page.text.encode()).hexdigest(),
        created_at=page.changed_at, published_at=page.changed_at, state="published",
        origin="file" if is_from_file else "admin", alone=not is_from_file, reason="启用版本记录时的文字",
    )


class Migration(migrations.Migration):

    dependencies = [("pages", "0003_revisions")]

    operations = [migrations.RunPython(record_pages, migrations.RunPython.noop)]
