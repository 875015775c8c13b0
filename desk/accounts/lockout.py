"""The answer to too many wrong passwords: how long sign-in stays closed."""

from __future__ import annotations

import ipaddress
import math
from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from desk.accounts.models import User
from desk.audit.log import append

ADDRESS_LIMIT = 50
"""Wrong passwords from one machine, for whatever names, that close sign-in from it for a while: a whole office may sit behind
one address, and whoever tries many names needs far more."""


def address_of(request: HttpRequest) -> str | None:
    """The address of the machine that asks; None where the server does not know it. Behind TLS that is what the bureau's own
    proxy saw: the last hop, since all before it is what the asker says of himself."""
    own = request.META.get("REMOTE_ADDR") or None
    hop = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
    if not (settings.DEPLOYMENT.desk_https and hop):
        return own
    try:
        return str(ipaddress.ip_address(hop))
    except ValueError:
        return own


def closed_to_address(request: HttpRequest) -> HttpResponse | None:
    """The page of `closed` where the machine sent ADDRESS_LIMIT wrong passwords within the cool-off; else None."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    attempts = AccessAttempt.objects.filter(ip_address=address_of(request), attempt_time__gte=since)
    told = attempts.aggregate(count=Sum("failures_since_start"), last=Max("attempt_time"))
    if (told["count"] or 0) < ADDRESS_LIMIT:
        return None
    return _told(request, told["last"], ADDRESS_LIMIT)


def closed(request: HttpRequest, original_response: HttpResponse | None = None, credentials=None) -> HttpResponse:
    """A page with the minutes that are left, for this name from this machine; one entry in the log for each closing."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    attempts = AccessAttempt.objects.filter(username=name, ip_address=request.axes_ip_address)
    last = max((attempt.attempt_time for attempt in attempts), default=timezone.now())
    if getattr(request, "axes_failures_since_start", None) == settings.AXES_FAILURE_LIMIT:
        append(None, "sign_in_closed", "user", known(name), {"failures": settings.AXES_FAILURE_LIMIT})
    return _told(request, last, settings.AXES_FAILURE_LIMIT)


def _told(request: HttpRequest, last: datetime, limit: int) -> HttpResponse:
    left = last + settings.AXES_COOLOFF_TIME - timezone.now()
    seconds = max(1, math.ceil(left.total_seconds()))
    minutes = math.ceil(seconds / 60)
    answer = render(request, "accounts/closed.html", {"minutes": minutes, "limit": limit}, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def known(name: str) -> str:
    """The name where somebody has it, else nothing: what was typed may be a password."""
    return name if User.objects.filter(username=name).exists() else ""
