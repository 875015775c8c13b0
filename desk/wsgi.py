"""The desk as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")
application = get_wsgi_application()

# a desk that was killed between a decision and its delivery delivers at its next start
from desk.review.delivery import deliver  # noqa: E402 - Django is set up now

deliver()
