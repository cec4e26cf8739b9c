"""Addresses of search."""

from django.urls import path

from guide.search import views

app_name = "search"

urlpatterns = [
    path("search/", views.results, name="results"),
    path("phrases/", views.phrases, name="phrases"),
    path("api/search/", views.api, name="api"),
]
