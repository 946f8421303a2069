"""Every setting, in the order in which a request meets it. The environment decides; see README."""

import sys
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from environs import validate

from config.env import (
    contact_at,
    database_at,
    env,
    networks_at,
    operator_at,
    pool_at,
    root_at,
    secret_at,
    sender_at,
    zone_at,
)

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", "") or BASE_DIR / "var").expanduser().resolve()

# Where it listens, and to whom it answers.
DEBUG = env.bool("DEBUG", False)
HOST = env.str("HOST", "") or "127.0.0.1"
PORT = env.int("PORT", 8000, validate=validate.Range(1, 65535))
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", 2, validate=validate.Range(1, 64))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", []) or ["localhost", "127.0.0.1", "[::1]", HOST]
SECRET_KEY = secret_at("SECRET_KEY", DATA_DIR / "secret_key")
# What the site is called, and who runs it, until the curators' pages say otherwise (`library.identity`).
SITE_NAME = env.str("SITE_NAME", "") or "Officer Mental Health Resources"
SITE_SHORT_NAME = env.str("SITE_SHORT_NAME", "", validate=validate.Length(max=16))
OPERATOR, OPERATOR_URL, OPERATOR_CONTACT = operator_at("OPERATOR")
# What stands before a path in a mail, e.g. https://library.example.org: a page takes its own from the request.
SITE_ADDRESS = root_at("SITE_ADDRESS")
# What a new library begins with: all of `fixtures/`, the entries of the original page alone, or no entry.
STARTING_CONTENT = env.str("STARTING_CONTENT", "", validate=validate.OneOf(["", "full", "seed", "none"])) or "full"
# Where a person who found a security problem writes to (security.txt), if not to whoever runs the site.
SECURITY_CONTACT = contact_at("SECURITY_CONTACT")

# HTTPS=true: a proxy in front ends TLS and says so in X-Forwarded-Proto. Nobody else's word counts
# (`library.middleware.trusted_proxies`), and no header puts the site below a prefix.
TRUSTED_PROXIES = networks_at("TRUSTED_PROXIES", "127.0.0.1,::1")
FORCE_SCRIPT_NAME = ""
HTTPS = env.bool("HTTPS", False)
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Being built into browsers is for ever, so it is asked for: HSTS_PRELOAD=true.
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS

# No cookie is for readers: both are sent by the admin only, and to the admin only.
SESSION_COOKIE_PATH = "/admin/"
CSRF_COOKIE_PATH = "/admin/"
CSRF_FAILURE_VIEW = "library.views.forbidden"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "library.accounts.sessions"
# Not in a cookie: Django would send that one for every path.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# What the browser may do with a page: nothing that does not come from this site.
SECURE_REFERRER_POLICY = "no-referrer"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

MIDDLEWARE = [
    "library.middleware.page_cache.PageCache",
    "django.middleware.security.SecurityMiddleware",
    "library.middleware.policies.BrowserPolicies",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "library.middleware.site_identity.CurrentIdentity",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "library.admin.unsaved.middleware.UnsavedForms",
    "library.middleware.limits.RequestValidation",
    "library.middleware.public_pages.PublicPages",
    "library.middleware.errors.DatabaseErrors",
    "library.middleware.admin_only.AdminTimeLimit",
    "library.middleware.admin_only.AdminSessions",
    "library.middleware.admin_only.AdminCsrf",
    "library.middleware.admin_only.AdminAuthentication",
    "library.middleware.limits.UploadLimits",
    "library.middleware.admin_only.AdminMessages",
    "allauth.account.middleware.AccountMiddleware",
    "library.accounts.middleware.SecondFactor",
    "django.middleware.common.CommonMiddleware",
]

# Django looks for its own CSRF middleware by name; ours is the same one, below /admin/ alone.
# And it warns where HSTS has no `preload`.
SILENCED_SYSTEM_CHECKS = ["security.W003", "security.W021"]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "library.server.wsgi.application"
APPEND_SLASH = True

INSTALLED_APPS = [
    "library",
    "library.apps.CuratorsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "taggit",
]

# Data. Without DATABASE_URL a private PostgreSQL is started in DATA_DIR on the first connection.
# Seconds that a statement may take in a command, for a reader (`library.server.wsgi`), and for a curator.
COMMAND_STATEMENT_TIMEOUT, READER_STATEMENT_TIMEOUT, ADMIN_STATEMENT_TIMEOUT = 60, 2, 10
COMMAND_OPTIONS = f"-c statement_timeout={COMMAND_STATEMENT_TIMEOUT}s"
# What an index finds of a word in most of a million entries fits into 16 MB, and need not be read to be sure.
READER_SETTINGS = {
    "statement_timeout": f"{READER_STATEMENT_TIMEOUT}s",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "random_page_cost": "1.1",
    "work_mem": "16MB",
}
READER_OPTIONS = " ".join(f"-c {name}={value}" for name, value in READER_SETTINGS.items())
# The other end may vanish without a word: noticed within half a minute, also while a job waits for a long statement.
KEEPALIVES = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,  # milliseconds
}
DATABASES: dict[str, Any] = {
    "default": database_at("DATABASE_URL")
    or {
        "ENGINE": "config.embedded_postgres",
        "NAME": "library",
        "DATA_DIR": DATA_DIR,
        "DURABLE": env.bool("DURABLE", True),
    }
}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": KEEPALIVES
    | DATABASES["default"].get("OPTIONS", {})
    | {"connect_timeout": 3, "options": COMMAND_OPTIONS},
}
# Days after which a backup is deleted (`manage.py backup`), and whether an upgrade begins with one.
BACKUP_KEEP_DAYS = env.int("BACKUP_KEEP_DAYS", 30, validate=validate.Range(1, 36_500))
BACKUP_BEFORE_UPGRADE = env.bool("BACKUP_BEFORE_UPGRADE", True)
# Readers' pages go through a pooler, if there is one (`library.db.pooling`). It takes no options: its role has them.
if pool := pool_at("DATABASE_POOL_URL", needs="DATABASE_URL"):
    DATABASES["pool"] = pool | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": KEEPALIVES | pool.get("OPTIONS", {}) | {"connect_timeout": 3},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "library.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# Signing in: a name and a password, then a second step; or a passkey alone (`library.accounts`).
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", True)
AUTHENTICATION_BACKENDS = ["library.accounts.backend.CuratorBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_ADAPTER = "library.accounts.adapters.CuratorAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_TIMEOUT = 600  # seconds between the password and the second step
ACCOUNT_SESSION_REMEMBER = True  # for as long as SESSION_COOKIE_AGE says
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
# `library.accounts.attempts` does it, which lets the owner in.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "library.accounts.adapters.CuratorSteps"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # half a minute, for a phone whose clock is not right
# Browsers do without TLS for http://localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_FORMS = {
    "activate_totp": "library.accounts.forms.SetUpApp",
    "add_webauthn": "library.accounts.forms.AddPasskey",
    "authenticate": "library.accounts.forms.StepByCode",
    "authenticate_webauthn": "library.accounts.forms.StepByPasskey",
    "edit_webauthn": "library.accounts.forms.NamePasskey",
    "login_webauthn": "library.accounts.forms.SignInByPasskey",
    "reauthenticate": "library.accounts.forms.ConfirmByCode",
    "reauthenticate_webauthn": "library.accounts.forms.ConfirmByPasskey",
}
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_TAGS_FROM_STRING = "library.models.taxonomy.split_tags"
TAGGIT_STRING_FROM_TAGS = "library.models.taxonomy.join_tags"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    # `library.middleware.limits.UploadLimits` stores them for those who are signed in.
    "library.media.uploads.UnstoredFiles",
]
ADMIN_BODY_LIMIT = 100_000_000  # bytes, with uploaded files
# A thousand episodes of a feed, and what else their form has. Readers' forms take fewer (`library.feedback.forms`).
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_100

# Pages.
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
                "library.context_processors.every_page",
            ],
        },
    }
]
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "template_fragments": {"BACKEND": "library.db.edit_cache.UntilNextEdit"},
}
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
LANGUAGE_CODE = "en-us"
USE_I18N = True
USE_TZ = True
# Until the curators' pages say otherwise, too.
TIME_ZONE = zone_at("TIME_ZONE", "America/New_York")

# Mail to curators: none without a server.
EMAIL_HOST = env.str("EMAIL_HOST", "")
EMAIL_PORT = env.int("EMAIL_PORT", 587, validate=validate.Range(1, 65535))
EMAIL_SECURITY = env.str("EMAIL_SECURITY", "starttls", validate=validate.OneOf(["starttls", "tls", "none"]))
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_SECURITY == "starttls", EMAIL_SECURITY == "tls"
EMAIL_HOST_USER = env.str("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_PASSWORD", "")
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = sender_at("EMAIL_FROM", is_needed=bool(EMAIL_HOST))

# Files: hashed names, compressed once, kept by browsers for ever.
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static_storage.OneStylesheetStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# The strip and the printed help lines, for the day the database does not answer.
HELP_LINES_COPY = DATA_DIR / "help_lines.json"
# And who the site says it is.
SITE_IDENTITY_COPY = DATA_DIR / "site_identity.json"

# Files of resources that curators upload, and the program that works on them apart from any request.
IMPORT_FILE_LIMIT = 50_000_000  # bytes
RUN_IMPORTS = [sys.executable, str(BASE_DIR / "manage.py"), "run_imports"]
# The program that looks at links, which the site starts unless it runs elsewhere, or nowhere.
LINK_CHECKS = env.bool("LINK_CHECKS", True)
# The access key and the secret of an account of archive.org, with a colon between them.
ARCHIVE_KEY = env.str("ARCHIVE_KEY", "", validate=validate.Regexp(r"([!-9;-~]+:[!-~]+)?\Z"))
CHECK_LINKS = [sys.executable, str(BASE_DIR / "manage.py"), "check_links"]

# Logs name what went wrong, never who asked or what for.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "config.private_log.PlainFormatter", "format": "%(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Of a request that is refused, the server's one line says enough.
        "django.request": {"level": "ERROR"},
        # It says of each HEAD that it dropped the body, which Django leaves to the server.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
