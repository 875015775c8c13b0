"""Pages of merchants."""

from django.urls import path

from desk.merchants import views

urlpatterns = [
    path("", views.merchant_list, name="merchant_list"),
    path("export/", views.merchant_export, name="merchant_export"),
    path("plan/", views.patrol_plan, name="patrol_plan"),
    path("plan/export/", views.patrol_plan_export, name="patrol_plan_export"),
    path("merchant/<str:merchant_id>/", views.merchant, name="merchant"),
]
