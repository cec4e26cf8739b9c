"""Addresses of the reader's voice."""

from django.urls import path, re_path

from guide.feedback import views

app_name = "feedback"

urlpatterns = [
    path("report/<slug:slug>/", views.report, name="report"),
    path("report/<slug:slug>/<slug:principle>/", views.report, name="report"),
    path("helpful/<slug:slug>/", views.helpful, name="helpful"),
    re_path(r"^thanks/(?P<slug>[-\w]+)/(?P<said>yes|no|report)/$", views.thanks, name="thanks"),
]
