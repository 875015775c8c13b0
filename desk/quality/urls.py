"""Pages of quality."""

from django.urls import path

from desk.quality import views

urlpatterns = [
    path("", views.quality, name="quality"),
    path("quarantine/", views.quarantine, name="quarantine"),
]
