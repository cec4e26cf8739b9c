"""send_letters: send the mail that waits. The worker runs it by itself."""

from typing import Any

from django.core.management.base import BaseCommand

from guide.mail.letters import send_waiting


class Command(BaseCommand):
    help = "发出等待的邮件；发不出的以后再试。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"已发出 {send_waiting()} 封。")
