"""The answer to too many wrong passwords: how long sign-in stays closed."""

from __future__ import annotations

import math

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from desk.accounts.models import User
from desk.audit.log import append


def closed(request: HttpRequest, original_response: HttpResponse | None = None, credentials=None) -> HttpResponse:
    """A page with the minutes that are left, for this name from this machine; one entry in the log for each closing."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    attempts = AccessAttempt.objects.filter(username=name, ip_address=request.axes_ip_address)
    last = max((attempt.attempt_time for attempt in attempts), default=timezone.now())
    left = last + settings.AXES_COOLOFF_TIME - timezone.now()
    seconds = max(1, math.ceil(left.total_seconds()))
    if getattr(request, "axes_failures_since_start", None) == settings.AXES_FAILURE_LIMIT:
        append(None, "sign_in_closed", "user", known(name), {"failures": settings.AXES_FAILURE_LIMIT})
    answer = render(
        request,
        "accounts/closed.html",
        {"minutes": math.ceil(seconds / 60), "limit": settings.AXES_FAILURE_LIMIT},
        status=429,
    )
    answer["Retry-After"] = str(seconds)
    return answer


def known(name: str) -> str:
    """The name where somebody has it, else nothing: what was typed may be a password."""
    return name if User.objects.filter(username=name).exists() else ""
