"""Django's settings of the desk. What differs from bureau to bureau stands in desk/deployment.py."""

from __future__ import annotations

from datetime import timedelta

import dj_database_url
from django.utils.translation import gettext_lazy as _

from desk.deployment import ROOT, Deployment

DEPLOYMENT = Deployment()
DESK = ROOT / "desk"

SECRET_KEY = DEPLOYMENT.secret()
DEBUG = False
ALLOWED_HOSTS = list(DEPLOYMENT.hosts)
ROOT_URLCONF = "desk.urls"
WSGI_APPLICATION = "desk.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "desk.accounts",
    "desk.access",
    "desk.audit",
    "desk.published",
    "desk.listing",
    "desk.review",
    "desk.management",
    "desk.merchants",
    "desk.quality",
    "desk.lists",
]

MIDDLEWARE = [
    "desk.access.headers.HeaderMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "desk.access.gate.AccessMiddleware",
    "desk.published.absence.AbsenceMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [DESK / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "desk.access.context.pages",
                "desk.access.menu.menu",
                "desk.published.context.health",
            ],
            "builtins": ["django.templatetags.i18n", "desk.listing.templatetags.desk"],
        },
    }
]

DATABASES = {"default": dj_database_url.parse(DEPLOYMENT.database(), conn_max_age=60)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DEPLOYMENT.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # a writer waits for another instead of failing, and takes its lock before it reads what it will build upon
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on; pragma recursive_triggers=on",
    }

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
if DEPLOYMENT.has_oidc:
    AUTHENTICATION_BACKENDS.append("desk.accounts.openid.ProviderBackend")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign_in"

# five wrong passwords for one name from one machine close sign-in for it; a name alone would let anybody shut anybody out
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "desk.accounts.lockout.address_of"
AXES_LOCKOUT_CALLABLE = "desk.accounts.lockout.closed"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "明鉴 Mingjian"

SESSION_COOKIE_AGE = DEPLOYMENT.desk_session_minutes * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
# a provider sends people back from another site, with a request that must find the session it began in
SESSION_COOKIE_SAMESITE = "Lax" if DEPLOYMENT.has_oidc else "Strict"
SESSION_COOKIE_SECURE = DEPLOYMENT.desk_https
CSRF_FAILURE_VIEW = "desk.access.error_page.not_from_here"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = DEPLOYMENT.desk_https
SECURE_SSL_REDIRECT = DEPLOYMENT.desk_https
SECURE_HSTS_SECONDS = 31_536_000 if DEPLOYMENT.desk_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = DEPLOYMENT.desk_https
SECURE_HSTS_PRELOAD = DEPLOYMENT.desk_https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if DEPLOYMENT.desk_https else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [DESK / "locale", *sorted(DESK.glob("*/locale"))]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Strict"
LANGUAGE_COOKIE_SECURE = DEPLOYMENT.desk_https
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [DESK / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
