"""Every page of the desk. What each may be seen by stands in desk/access/rules.py."""

from django.urls import include, path

from desk.access.language import language

urlpatterns = [
    path("language/", language, name="language"),
    path("", include("desk.review.urls")),
    path("account/", include("desk.accounts.urls")),
    path("management/", include("desk.management.urls")),
    path("merchants/", include("desk.merchants.urls")),
    path("lists/", include("desk.lists.urls")),
    path("quality/", include("desk.quality.urls")),
    path("audit/", include("desk.audit.urls")),
]

handler400 = "desk.access.error_page.bad_request"
handler403 = "desk.access.error_page.refused"
handler404 = "desk.access.error_page.not_found"
handler500 = "desk.access.error_page.failed"
