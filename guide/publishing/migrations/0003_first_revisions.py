"""Give each document that is there its first revision."""

from hashlib import sha256

from django.db import migrations


def record_documents(apps, schema_editor):
    Document = apps.get_model("publishing", "Document")
    Revision = apps.get_model("pages", "Revision")
    known = set(Revision.objects.filter(page=None).values_list("document", flat=True))
    Revision.objects.bulk_create(
        [_revision(Revision, document) for document in Document.objects.order_by("pk") if document.name not in known],
        batch_size=500,
    )


def _revision(model, document):
    is_from_file = document.text == document.file_text
    return model(
        document=document.name, number=1, title=document.name, text=document.text,
        sha256=sha256(document.text.encode()).hexdigest(), created_at=document.changed_at,
        published_at=document.changed_at, state="published", origin="file" if is_from_file else "admin",
        alone=not is_from_file, reason="启用版本记录时的文字",
    )


class Migration(migrations.Migration):

    dependencies = [("publishing", "0002_drafts_and_audit"), ("pages", "0004_first_revisions")]

    operations = [migrations.RunPython(record_documents, migrations.RunPython.noop)]
