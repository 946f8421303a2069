"""The line of a request in the log: when, what, how it ended, and nothing of who asked."""

from datetime import UTC, datetime

from library.server.access_log import access_log_line

NOW = datetime(2026, 11, 23, 3, 5, 9, tzinfo=UTC)


def environ(path: str = "/help/") -> dict[str, str]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "q=secret",
        "REMOTE_ADDR": "203.0.113.9",
        "HTTP_USER_AGENT": "secret",
        "HTTP_REFERER": "http://from.example/secret",
    }


def test_has_time_method_path_and_status() -> None:
    assert access_log_line(environ(), "200", NOW) == "2026-11-23 03:05:09 UTC GET /help/ 200"


def test_keeps_the_time_at_which_it_was_asked_first() -> None:
    request = environ()
    shown = access_log_line(request, "200", NOW)

    assert access_log_line(request, "200", NOW.replace(minute=7)) == shown


def test_no_path_forges_a_line() -> None:
    assert "\n" not in access_log_line(environ("/a\nb\x1b[31m"), "404", NOW)
    assert access_log_line(environ("/caf\u00c3\u00a9/"), "404", NOW).endswith("GET /caf%C3%A9/ 404")


def test_does_not_write_down_what_lets_somebody_in() -> None:
    for before in ("/preview", "/admin/account/reset", "/admin/account/invitation"):
        assert access_log_line(environ(f"{before}/secret.secret/"), "200", NOW).endswith(f"GET {before}/-/ 200")
