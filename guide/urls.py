"""Where each app is mounted."""

from django.contrib import admin
from django.urls import include, path

from guide import health

handler500 = "guide.pages.views.server_error"

urlpatterns = [
    path("healthz", health.process, name="healthz"),
    path("readyz", health.readiness, name="readyz"),
    path("admin/reports/", include("guide.publishing.admin_reports")),
    path("admin/", admin.site.urls),
    path("accounts/", include("guide.accounts.urls")),
    path("", include("guide.search.urls")),
    path("", include("guide.publishing.urls")),
    path("board/", include("guide.board.urls")),
    path("", include("guide.feedback.urls")),
    path("", include("guide.pages.urls")),
]
