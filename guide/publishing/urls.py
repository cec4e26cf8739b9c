"""Addresses of the guide's history."""

from django.urls import path

from guide.publishing import views
from guide.publishing.feeds import ChangesFeed

app_name = "publishing"

urlpatterns = [
    path("guide/<path:path>/history/", views.history, name="history"),
    path("guide/<path:path>/history/<int:number>/restore/", views.restore, name="restore"),
    path("changes/", views.changes, name="changes"),
    path("changes/feed/", ChangesFeed(), name="feed"),
    path("changes/<slug:slug>/feed/", ChangesFeed(), name="chapter_feed"),
    path("reviews.json", views.reviews, name="reviews"),
]
