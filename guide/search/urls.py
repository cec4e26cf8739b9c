"""Addresses of search."""

from django.urls import path

from guide.search import api, beacons, views

app_name = "search"

urlpatterns = [
    path("search/", views.results, name="results"),
    path("search/settled/", beacons.settled, name="settled"),
    path("search/opened/", beacons.opened, name="opened"),
    path("search/miss/", beacons.miss, name="miss"),
    path("phrases/", views.phrases, name="phrases"),
    path("api/", api.about, name="about_api"),
    path("api/openapi.json", api.description, name="openapi"),
    path("api/search/", api.results, name="api"),
    path("api/suggest/", api.suggestions, name="suggest"),
]
