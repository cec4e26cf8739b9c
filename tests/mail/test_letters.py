from datetime import timedelta

from django.utils import timezone

from guide.mail import letters
from guide.mail.models import Letter


def test_letter_is_forgotten_when_its_time_is_over_and_others_stay(db):
    now = timezone.now()
    for name, forget_at in (("over", now), ("later", now + timedelta(days=1)), ("never", None)):
        Letter.objects.create(to=f"{name}@example.org", subject="题", body="文", forget_at=forget_at)

    assert letters.forget() == 1
    assert set(Letter.objects.values_list("to", flat=True)) == {"later@example.org", "never@example.org"}
