"""Addresses of search."""

from django.urls import path

from guide.search import beacons, views

app_name = "search"

urlpatterns = [
    path("search/", views.results, name="results"),
    path("search/settled/", beacons.settled, name="settled"),
    path("search/opened/", beacons.opened, name="opened"),
    path("search/miss/", beacons.miss, name="miss"),
    path("phrases/", views.phrases, name="phrases"),
    path("api/search/", views.api, name="api"),
    path("api/suggest/", views.suggestions, name="suggest"),
]
