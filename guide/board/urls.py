"""Addresses of the board."""

from django.urls import path, re_path

from guide.board import views

app_name = "board"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("searches/", views.elsewhere, name="elsewhere"),
    re_path(r"^(?P<slug>[-\w]+)/(?P<what>principles|untold|cases|searches|reports)/$", views.rows, name="rows"),
]
