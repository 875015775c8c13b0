"""Pages of management."""

from django.urls import path

from desk.management import draw_page, views

urlpatterns = [
    path("rotation/", views.rotation, name="rotation"),
    path("rotation/export/", views.rotation_export, name="rotation_export"),
    path("units/", views.unit_list, name="unit_list"),
    path("units/<str:institution_id>/", views.unit, name="unit"),
    path("draws/", draw_page.draw_list, name="draw_list"),
    path("draws/export/", draw_page.draw_export, name="draw_export"),
    path("draws/substitutions/", draw_page.draw_substitution, name="draw_substitution"),
    path("coverage/", views.coverage_page, name="coverage"),
]
