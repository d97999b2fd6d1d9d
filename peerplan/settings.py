"""Settings, all of them from the environment. See README.md for the table.

PEERPLAN_MODE is one of `development` (default), `demo` and `production`. Production refuses to
start with an unsafe setting and says which; demonstration mode refuses to run anywhere but on
this machine with SQLite.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

MODES = ("development", "demo", "production")
MODE: str = env.str("PEERPLAN_MODE", default="development")
if MODE not in MODES:
    raise ImproperlyConfigured(f"PEERPLAN_MODE is {MODE!r}: use one of {', '.join(MODES)}.")
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"

DEBUG: bool = env.bool("PEERPLAN_DEBUG", default=False)

DEVELOPMENT_KEY = "development-only-never-in-production-0123456789-abcdefghijkl"
SECRET_KEY: str = env.str("SECRET_KEY", default="" if PRODUCTION else DEVELOPMENT_KEY)
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
)
DATA_DIR = Path(env.str("PEERPLAN_DATA_DIR", default=str(BASE_DIR / "var")))

# --- Database -----------------------------------------------------------------------------------

DATABASE_URL: str = env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'peerplan.sqlite3'}")
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
USES_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if USES_SQLITE:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-20000;"
        ),
    }
    # Live-server tests need a file: writers in threads fail on an in-memory database.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


def refuse_unsafe_settings() -> None:
    """Raises ImproperlyConfigured, naming the setting, when the mode and the settings clash."""
    if not USES_SQLITE and not DATABASES["default"]["ENGINE"].endswith("postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must name a SQLite file or a PostgreSQL database.")
    if PRODUCTION:
        is_published = SECRET_KEY == DEVELOPMENT_KEY or SECRET_KEY.startswith("django-insecure-")
        if is_published or len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
            raise ImproperlyConfigured(
                "SECRET_KEY must be set to a private random value of at least 50 characters "
                "when PEERPLAN_MODE is production."
            )
        if DEBUG:
            raise ImproperlyConfigured(
                "PEERPLAN_DEBUG must be off when PEERPLAN_MODE is production: debug pages show "
                "settings and data."
            )
        if not ALLOWED_HOSTS or any("*" in host or host[:1] == "." for host in ALLOWED_HOSTS):
            raise ImproperlyConfigured(
                "ALLOWED_HOSTS must name the exact hosts of the site, with no wildcard, when "
                "PEERPLAN_MODE is production."
            )
    if DEMO and not USES_SQLITE:
        raise ImproperlyConfigured(
            "PEERPLAN_MODE=demo signs anyone in with one click, so it runs on SQLite only: "
            "remove DATABASE_URL or choose another PEERPLAN_MODE."
        )
    if DEMO and set(ALLOWED_HOSTS) - LOOPBACK:
        raise ImproperlyConfigured(
            "PEERPLAN_MODE=demo answers on this machine only: ALLOWED_HOSTS may hold localhost, "
            "127.0.0.1 and [::1] and nothing else."
        )
    if SECRET_KEY == DEVELOPMENT_KEY and set(ALLOWED_HOSTS) - LOOPBACK:
        raise ImproperlyConfigured(
            "SECRET_KEY is the published one, which serves this machine only: set your own, and "
            "PEERPLAN_MODE=production, before ALLOWED_HOSTS names another host."
        )


refuse_unsafe_settings()

# --- Applications -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "peerplan.core",
    "peerplan.render",
    "peerplan.councils",
    "reviews",
    "actions",
    "peerplan.exchange",
    "peerplan.papers",
    "peerplan.dashboards",
    "peerplan.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "simple_history",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "peerplan.core.http.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "peerplan.core.http.DomainErrorMiddleware",
]

ROOT_URLCONF = "peerplan.urls"
WSGI_APPLICATION = "peerplan.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "peerplan.councils.context.council",
                "reviews.context.menu_challenge",
            ],
            "builtins": ["peerplan.core.templatetags.parts"],
        },
    },
]
FORM_RENDERER = "peerplan.core.forms.Renderer"

# --- People -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "councils.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "peerplan.councils.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
# Behind a reverse proxy every request comes from its address: throttle by the one before it.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
INVITATION_DAYS = 14

# --- Files --------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "evidence"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
EVIDENCE_MAX_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# The catch-up sheet posts one row at a time; a preview of a pasted plan posts a field a column.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# --- Caches and mail ----------------------------------------------------------------------------

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "peerplan_cache",
    }
}
EMAIL_CONFIG = env.email_url(
    "EMAIL_URL", default="smtp://localhost:25" if PRODUCTION else "consolemail://"
)
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="peerplan@localhost")

# --- Time and language --------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# --- Security -----------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 10
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "peerplan.core.http.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^health$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
