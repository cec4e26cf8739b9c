"""publish_due: publish what was approved for today or before. The worker runs it by itself; cron may as well."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from guide.publishing.releasing import publish_due


class Command(BaseCommand):
    help = "发布已到生效日期的版本；到期而有错的，重回审核。"

    def handle(self, *args: Any, **options: Any) -> None:
        done = publish_due()
        for revision in done:
            self.stdout.write(f"已发布：{revision}")
        if done:
            # By its name: publishing knows that there is an index to refresh, not how.
            call_command("refresh_index", stdout=self.stdout, stderr=self.stderr)
