from django.db import migrations, models


class Migration(migrations.Migration):
    """Takes over the table of letters from the app `publishing`."""

    initial = True
    dependencies = [("publishing", "0006_mail_in_a_room_of_its_own")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Letter",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("to", models.EmailField(max_length=254, verbose_name="收件人")),
                        ("subject", models.CharField(max_length=200, verbose_name="主题")),
                        ("body", models.TextField(verbose_name="正文")),
                        ("written_at", models.DateTimeField(auto_now_add=True, verbose_name="写于")),
                        ("sent_at", models.DateTimeField(null=True, verbose_name="发出时间")),
                        ("tries", models.PositiveIntegerField(default=0, verbose_name="尝试次数")),
                        ("next_try", models.DateTimeField(null=True, verbose_name="下次尝试")),
                        ("problem", models.CharField(blank=True, max_length=500, verbose_name="未发出的原因")),
                    ],
                    options={"verbose_name": "邮件", "verbose_name_plural": "邮件", "ordering": ["-pk"]},
                ),
            ],
        ),
        migrations.AddField(
            "letter", "forget_at", models.DateTimeField(null=True, verbose_name="删除时间"),
        ),
    ]
