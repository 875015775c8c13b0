"""Pages of the lists that management signs."""

from django.urls import path

from desk.lists import views

urlpatterns = [
    path("", views.lists, name="lists"),
    path("key-industries/", views.key_industry_list, name="key_industry_list"),
    path("key-industries/export/", views.key_industry_export, name="key_industry_export"),
    path("hot-industries/", views.hot_industry_list, name="hot_industry_list"),
    path("hot-industries/export/", views.hot_industry_export, name="hot_industry_export"),
    path("unlicensed/", views.unlicensed_list, name="unlicensed_list"),
    path("unlicensed/export/", views.unlicensed_export, name="unlicensed_export"),
    path("tasks/", views.officer_task_list, name="officer_task_list"),
    path("tasks/export/", views.officer_task_export, name="officer_task_export"),
    path("months/", views.officer_month_list, name="officer_month_list"),
    path("months/export/", views.officer_month_export, name="officer_month_export"),
]
