"""Addresses of the guide."""

from django.urls import path, re_path

from guide.pages import views

app_name = "pages"

urlpatterns = [
    path("", views.home, name="home"),
    path("guide/<path:path>/", views.page, name="page"),
    path("sheets/<slug:slug>/", views.chapter_sheets, name="chapter_sheets"),
    path("principles/<slug:section>/<slug:slug>/", views.principle, name="principle"),
    path("post/", views.post, name="post"),
    path("keyboard/", views.keyboard, name="keyboard"),
    path("cases/", views.cases, name="cases"),
    path("glossary/", views.glossary, name="glossary"),
    path("glossary/<slug:slug>/", views.term, name="term"),
    path("sources/", views.sources, name="sources"),
    path("sources/<slug:key>/", views.source, name="source"),
    re_path(r"^media/(?P<file>[0-9a-f]{64}\.(?:png|jpg|webp))$", views.picture, name="picture"),
    path("go/<slug:slug>", views.go, name="go"),
    path("go/<slug:slug>/<slug:principle>", views.go, name="go"),
    re_path(r"^(?P<number>\d+(?:\.\d+)*)/?$", views.by_number, name="by_number"),
]
