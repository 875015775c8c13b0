"""Pages of management."""

from django.urls import path

from desk.management.views import deciding, draw, figures, rotation

urlpatterns = [
    path("rotation/", rotation.rotation, name="rotation"),
    path("rotation/export/", rotation.rotation_export, name="rotation_export"),
    path("rotation/accept/", deciding.rotation_accept, name="rotation_accept"),
    path("rotation/<str:token>/", deciding.rotation_decide, name="rotation_decide"),
    path("units/", figures.unit_list, name="unit_list"),
    path("units/<str:institution_id>/", figures.unit, name="unit"),
    path("draws/", draw.draw_list, name="draw_list"),
    path("draws/export/", draw.draw_export, name="draw_export"),
    path("draws/substitutions/", draw.draw_substitution, name="draw_substitution"),
    path("coverage/", figures.coverage_page, name="coverage"),
]
