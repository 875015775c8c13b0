"""Pages of review."""

from django.urls import path, register_converter

from desk.review.address import HintConverter
from desk.review.views import day, doing, reading

register_converter(HintConverter, "hint")

urlpatterns = [
    path("", day.today, name="today"),
    path("impressions/", day.impression_report, name="impression_report"),
    path("hints/", reading.flag_list, name="flag_list"),
    path("hints/export/", reading.flag_export, name="flag_export"),
    path("hints/<hint:flag_id>/", reading.dossier, name="dossier"),
    path("hints/<hint:flag_id>/impression/", doing.first_impression, name="first_impression"),
    path("hints/<hint:flag_id>/name/", doing.unmask, name="unmask"),
    path("hints/<hint:flag_id>/decision/", doing.decide, name="decide"),
    path("hints/<hint:flag_id>/signature/", doing.sign_lead, name="sign_lead"),
    path("hints/<hint:flag_id>/disposition/", doing.dispose, name="dispose"),
    path("hints/<hint:flag_id>/reply/", doing.reply, name="reply"),
]
