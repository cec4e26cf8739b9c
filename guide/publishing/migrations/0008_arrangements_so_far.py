"""Take into the register what was moved and withdrawn before there was one, as the audit log and the pages tell it."""

from django.db import migrations


def take_over(apps, schema_editor):
    Arrangement = apps.get_model("publishing", "Arrangement")
    AuditEntry = apps.get_model("publishing", "AuditEntry")
    Page = apps.get_model("pages", "Page")
    noted = set()
    for entry in AuditEntry.objects.filter(act__in=("moved", "withdrawn"), page__isnull=False).order_by("pk"):
        noted.add((entry.act, entry.page_id))
        _note(Arrangement, entry.page_id, "move" if entry.act == "moved" else "withdraw", entry.at, **_told(entry))
    for page in Page.objects.filter(is_proposed=False).exclude(withdrawn_at=None):
        if ("withdrawn", page.pk) not in noted:
            _note(Arrangement, page.pk, "withdraw", page.withdrawn_at, origin="file", reason="载入文件")


def _told(entry):
    """Nobody else was asked in those days."""
    before, _, after = entry.detail.partition(" → ") if entry.act == "moved" else ("", "", "")
    reason = "" if entry.act == "moved" else entry.detail
    return {"author_id": entry.user_id, "alone": True, "reason": reason[:500], "was": before[:600], "became": after[:600]}


def _note(model, page, act, moment, **values):
    made = model.objects.create(act=act, state="done", created_at=moment, done_at=moment, **values)
    made.pages.add(page)


class Migration(migrations.Migration):

    dependencies = [("publishing", "0007_arrangements")]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
