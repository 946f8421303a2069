"""`/report/`: a problem is told without a name, a cookie or a script, and arrives as it was written and inert."""

import logging

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from config.private_log import PlainFormatter
from library.feedback.rate_limit import new_token
from library.models import RateLimitCounter, ReaderReport, Resource
from tests.factories import TEN_YEARS, make_help_line, make_resource, withdraw
from tests.reading import read
from tests.sending import URLENCODED, form_on, post, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> Resource:
    make_help_line()
    return make_resource("Officer Fatigue", ref="bpr2345")


def test_takes_a_problem_with_an_entry_and_says_thank_you(client: Client, entry: Resource) -> None:
    response = send(client, "/report/?r=bpr2345", reason="wrong-link", words="It opens a parked page.")

    assert (response.status_code, response["Location"]) == (303, "/report/thanks/")
    report = ReaderReport.objects.get()
    assert (report.kind, report.reason, report.words) == ("problem", "wrong-link", "It opens a parked page.")
    assert (report.resource, report.state) == (entry, "new")
    assert client.get("/report/thanks/").status_code == 200


def test_takes_a_problem_with_the_site(client: Client) -> None:
    assert send(client, "/report/", reason="other", words="The search is slow.").status_code == 303
    assert ReaderReport.objects.get().resource is None


def test_a_resources_page_leads_to_it_and_so_does_every_footer(client: Client, entry: Resource) -> None:
    page = read(client.get("/resources/officer-fatigue/").content)

    (link,) = [link for link in page.one("main").all("a") if link.words == "Report a problem with this listing"]
    assert link["href"] == "/report/?r=bpr2345"
    assert {"/report/", "/suggest/"} <= {link["href"] for link in page.one("footer").all("a")}
    assert "Officer Fatigue" in read(client.get(link["href"]).content).one("main").words


def test_asks_for_no_name_and_says_where_help_is(client: Client, entry: Resource) -> None:
    main = read(client.get("/report/").content).one("main")

    assert {field["name"] for field in main.all("input", "textarea")} == {"reason", "words", "homepage", "token"}
    assert "Please don’t include names or personal details. This form is anonymous, so we can’t reply." in main.words
    assert [link["href"] for link in main.all("a")][:3] == ["tel:988", "sms:988", "/help/"]


def test_sets_no_cookie_and_is_kept_by_nobody(client: Client, entry: Resource) -> None:
    for response in (client.get("/report/"), send(client, "/report/"), send(client, "/report/", reason="dead-link")):
        assert response["Cache-Control"] == "no-store"
        assert not response.cookies
        assert not response.has_header("ETag")
    assert form_on(client.get("/report/"))["token"] != form_on(client.get("/report/"))["token"]


def test_of_an_entry_that_nobody_may_see_it_knows_nothing(client: Client) -> None:
    for title, ref, values in (
        ("Draft", "drf2345", {"state": "draft"}),
        ("Later", "ltr2345", {"listed_at": TEN_YEARS}),
    ):
        make_resource(title, ref=ref, **values)
        path = f"/report/?r={ref}"
        assert title not in client.get(path).text
        assert send(client, path, reason="dead-link").status_code == 303
    client.get("/report/?r=" + "a" * 5000)
    assert set(ReaderReport.objects.values_list("resource", flat=True)) == {None}


def test_takes_a_problem_with_a_withdrawn_entry(client: Client, entry: Resource) -> None:
    withdraw(entry)

    assert send(client, "/report/?r=bpr2345", reason="wrong-fact").status_code == 303
    assert ReaderReport.objects.get().resource == entry


def test_says_what_is_missing_and_keeps_what_was_typed(client: Client, entry: Resource) -> None:
    response = send(client, "/report/?r=bpr2345", words="My words & more")
    page = read(response.content)

    assert response.status_code == 422
    assert page.one("title").words.startswith("Error: Report a problem")
    (link,) = page.one("div", role="alert").all("a")
    assert (link.words, link["href"]) == ("Choose what’s wrong", "#id_reason_0")
    assert page.one("input", id="id_reason_0")
    assert page.one("fieldset")["aria-describedby"] == page.one("p", class_="form-error")["id"]
    assert page.one("textarea").source.strip() == "My words & more"
    assert not ReaderReport.objects.exists()
    # The page that says so can be sent at once.
    assert post(client, "/report/?r=bpr2345", form_on(response) | {"reason": "dead-link"}).status_code == 303


def test_something_else_needs_words_and_a_thousand_letters_are_enough(client: Client) -> None:
    response = send(client, "/report/", reason="other", words=" \x00\u202e ")
    assert response.status_code == 422
    assert "Tell us in a few words what’s wrong" in response.text
    assert 'id="id_reason_4" checked' in response.text

    response = send(client, "/report/", reason="dead-link", words="a" * 1001)
    assert response.status_code == 422
    assert "The limit is 1,000 characters. You have 1001." in response.text
    field = read(response.content).one("textarea")
    assert field["aria-invalid"] == "true"
    assert set(field["aria-describedby"].split()) == {"id_words_helptext", "id_words_error"}
    assert send(client, "/report/", reason="dead-link", words="\U0001f634" * 1000).status_code == 303


def test_a_reason_that_is_not_offered_is_refused(client: Client) -> None:
    assert send(client, "/report/", reason="boring").status_code == 422
    assert not ReaderReport.objects.exists()


def test_a_token_that_is_too_old_costs_nobody_their_words(client: Client) -> None:
    response = post(client, "/report/", {"reason": "other", "words": "My words", "token": "old"})

    assert response.status_code == 422
    assert "open for more than two hours" in response.text
    assert post(client, "/report/", form_on(response) | {"reason": "other", "words": "My words"}).status_code == 303


def test_what_is_sent_twice_is_taken_once(client: Client) -> None:
    form = form_on(client.get("/report/")) | {"reason": "dead-link"}

    assert post(client, "/report/", form).status_code == 303
    again = post(client, "/report/", form)
    assert again.status_code == 422
    assert "We already got this" in again.text
    assert ReaderReport.objects.count() == 1


def test_a_program_that_fills_in_everything_is_thanked_and_not_heard(client: Client) -> None:
    response = send(client, "/report/", reason="dead-link", homepage="https://spam.example/")

    assert (response.status_code, response["Location"]) == (303, "/report/thanks/")
    assert not ReaderReport.objects.exists()
    assert not RateLimitCounter.objects.exists()


def test_nobody_sees_or_reaches_the_field_for_programs(client: Client) -> None:
    page = read(client.get("/report/").content)

    (box,) = [element for element in page.all("div") if element.get("hidden") is not None]
    assert box.one("label").words == "Leave this field empty"
    assert (box.one("input")["tabindex"], box.one("input")["autocomplete"]) == ("-1", "off")


def test_the_sixth_in_an_hour_is_told_when_to_come_back_and_keeps_the_words(client: Client, entry: Resource) -> None:
    for _ in range(5):
        assert send(client, "/report/", reason="dead-link").status_code == 303

    response = send(client, "/report/", reason="other", words="Line one\n<b>two</b>")

    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    assert response["Cache-Control"] == "no-store"
    assert "Line one\n&lt;b&gt;two&lt;/b&gt;" in response.text
    assert "tel:988" in response.text
    assert ReaderReport.objects.count() == 5


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "null"}, 303),
        ({"Origin": "http://testserver"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({}, 303),
    ],
)
def test_a_form_on_another_site_is_refused_where_the_browser_tells(
    client: Client, headers: dict[str, str], status: int
) -> None:
    response = send(client, "/report/", headers, reason="dead-link")

    assert response.status_code == status
    assert ReaderReport.objects.count() == (status == 303)
    if status == 403:
        assert "We couldn’t accept that form" in response.text


HOSTILE = {
    "HTML": ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    "a formula": ('=HYPERLINK("http://evil.example")', '=HYPERLINK("http://evil.example")'),
    "a template": ("{{ 7|add:7 }}{% debug %}", "{{ 7|add:7 }}{% debug %}"),
    "SQL": ("'; DROP TABLE library_page; --", "'; DROP TABLE library_page; --"),
    "NUL": ("a\x00b", "ab"),
    "controls": ("a\x1b[31m\x07\x7f\x85b\tc", "a[31mb\tc"),
    "new lines": ("a\r\nb\rc\nd", "a\nb\nc\nd"),
    "right to left": ("\u202eexe.\u2066doc\u2069", "exe.doc"),
    "half a character": ("a\ud800b", "a\ufffd\ufffd\ufffdb"),
    "no characters": ("a\uffff\ufeffb", "ab"),
}


@pytest.mark.parametrize(("sent", "stored"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_hostile_is_kept_as_dead_letters(client: Client, sent: str, stored: str) -> None:
    assert send(client, "/report/", reason="other", words=sent).status_code == 303
    assert ReaderReport.objects.get().words == stored

    page = send(client, "/report/", reason="boring", words=sent)
    assert page.status_code == 422
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"reason=other&words=" + b"a" * 100_000, URLENCODED, 413),
        (b"reason=other&words=%FF%FE%00&token=%00", URLENCODED, 422),
        (b"\xff\xfe\x00", URLENCODED, 422),
        (b"", URLENCODED, 422),
        (b"&".join([b"a=1"] * 20), URLENCODED, 422),
        (b"&".join([b"a=1"] * 21), URLENCODED, 400),
        (b"&" * 49_000, URLENCODED, 400),
        (b"reason=other", f"{URLENCODED}; charset=utf-7", 400),
        (b"--a\r\n", "multipart/form-data; boundary=a", 400),
        (b"--a\r\n", "multipart/form-data", 400),
        (b"{}", "application/json", 400),
        (b"a", "", 400),
    ],
)
def test_a_broken_form_is_refused_calmly(client: Client, body: bytes, kind: str, status: int) -> None:
    response = client.generic("POST", "/report/", body, kind, CONTENT_TYPE=kind)

    assert response.status_code == status
    assert not response.cookies
    assert not ReaderReport.objects.exists()


def test_a_length_that_is_no_number_is_refused(client: Client) -> None:
    for length in ("nonsense", "-5", "²", "9" * 5000):
        response = client.generic("POST", "/report/", CONTENT_TYPE=URLENCODED, CONTENT_LENGTH=length)
        assert response.status_code == (413 if length.startswith("9") else 400), length[:10]


def test_only_the_forms_take_anything(client: Client) -> None:
    for path in ("/", "/report", "/report/thanks/", "/report/x/", "/suggest", "/help/"):
        assert client.post(path).status_code == 405, path
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        response = client.generic(method, "/report/")
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST"), method
    assert client.head("/report/").status_code == 200


def test_nothing_of_the_reader_is_written_into_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("", "django.request"):
        caplog.set_level(logging.DEBUG, logger=name)
    sender = {"REMOTE_ADDR": "203.0.113.7", "HTTP_USER_AGENT": "Tell-tale/1.0"}
    for form in ({"reason": "other", "words": "Tell-tale words"}, {"words": "Tell-tale words" * 99}):
        for token in ("none", new_token()):
            post(client, "/report/?r=telltale", form | {"token": token}, **sender)
    post(client, "/report/", {"words": "Tell-tale words" * 9999}, **sender)

    plain = PlainFormatter("%(levelname)s %(name)s %(message)s")
    written = [plain.format(record) for record in caplog.records if not record.name.startswith("django.db")]
    assert ReaderReport.objects.count() == 1
    assert [line for line in written if "ell-tale" in line or "203.0.113" in line or "telltale" in line] == []
    assert "WARNING django.request Unprocessable Entity: /report/" in written
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark FROM library_formmark ORDER BY mark")
        assert [mark.split()[0] for (mark,) in cursor.fetchall()] == ["all", "one", "token"]


def test_asks_little_of_the_database(
    client: Client, entry: Resource, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # Kept pages, the entry, and the help lines.
    with django_assert_num_queries(3):
        client.get("/report/?r=bpr2345")
