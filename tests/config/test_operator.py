"""Who runs the site, as the environment names them before anybody fills in the form."""

import pytest
from environs import EnvError

from config.env import operator_at

OPERATOR = ("Springfield Police", "https://example.org/police", "(555) 010-0199")


def operator_of(monkeypatch: pytest.MonkeyPatch, *given: str) -> tuple[str, str, str]:
    for name, value in zip(("LOOKED_AT", "LOOKED_AT_URL", "LOOKED_AT_CONTACT"), given, strict=True):
        monkeypatch.setenv(name, value)
    return operator_at("LOOKED_AT")


def test_who_runs_the_site_is_named_before_the_form_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert operator_at("LOOKED_AT") == ("", "", "")
    assert operator_of(monkeypatch, *OPERATOR) == OPERATOR
    assert operator_of(monkeypatch, "Police", "", "") == ("Police", "", "")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        (("", OPERATOR[1], ""), "LOOKED_AT must name who runs the site"),
        (("", "", OPERATOR[2]), "LOOKED_AT must name who runs the site"),
        (("P" * 121, "", ""), "LOOKED_AT must be at most 120 characters."),
        (("Police", "example.org", ""), "LOOKED_AT_URL must start with https:// or http://"),
        (("Police", "", "call us"), "LOOKED_AT_CONTACT must be an email address, a phone number, or a web address"),
    ],
)
def test_who_runs_the_site_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, given: tuple[str, str, str], refusal: str
) -> None:
    with pytest.raises(EnvError, match=refusal):
        operator_of(monkeypatch, *given)
