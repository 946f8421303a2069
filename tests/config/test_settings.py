"""Settings that a promise of the site hangs on."""

from pathlib import Path

from django.conf import settings
from django.db import connection

from config.settings import BASE_DIR


def test_tests_never_touch_the_curators_data() -> None:
    own = BASE_DIR / "var"

    for path in (settings.DATA_DIR, settings.STATIC_ROOT):
        assert Path(path) != own
        assert own / "test" in [Path(path), *Path(path).parents] or own not in Path(path).parents
    assert connection.settings_dict["NAME"].startswith("test_") or connection.settings_dict["TEST"]


def test_no_cookie_leaves_the_admin() -> None:
    assert settings.SESSION_COOKIE_PATH == settings.CSRF_COOKIE_PATH == "/admin/"
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Strict"
    assert "cookie" not in settings.MESSAGE_STORAGE.lower()


def test_no_session_or_csrf_middleware_sees_a_reader() -> None:
    for name in settings.MIDDLEWARE:
        assert not name.startswith(("django.contrib.sessions", "django.contrib.auth", "django.contrib.messages"))
        assert not name.startswith(("django.middleware.cache", "django.middleware.csrf"))


def test_connections_are_looked_at_before_they_are_used_again() -> None:
    assert settings.DATABASES["default"]["CONN_HEALTH_CHECKS"] is True
