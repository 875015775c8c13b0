"""Pages of review."""

from django.urls import path

from desk.review.views import day, doing, reading

urlpatterns = [
    path("", day.today, name="today"),
    path("impressions/", day.impression_report, name="impression_report"),
    path("hints/", reading.flag_list, name="flag_list"),
    path("hints/export/", reading.flag_export, name="flag_export"),
    path("hints/<slug:flag_id>/", reading.dossier, name="dossier"),
    path("hints/<slug:flag_id>/impression/", doing.first_impression, name="first_impression"),
    path("hints/<slug:flag_id>/name/", doing.unmask, name="unmask"),
    path("hints/<slug:flag_id>/decision/", doing.decide, name="decide"),
    path("hints/<slug:flag_id>/signature/", doing.sign_lead, name="sign_lead"),
    path("hints/<slug:flag_id>/disposition/", doing.dispose, name="dispose"),
    path("hints/<slug:flag_id>/reply/", doing.reply, name="reply"),
]
