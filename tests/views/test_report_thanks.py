"""`/report/thanks/`: what was sent has arrived. It can be loaded again, and nothing is sent twice."""

import pytest
from django.test import Client

from tests.reading import read

pytestmark = pytest.mark.django_db


def test_says_that_it_has_arrived_and_that_nobody_is_known(client: Client) -> None:
    response = client.get("/report/thanks/")
    main = read(response.content).one("main")

    assert response.status_code == 200
    assert main.one("h1").words == "Thank you. We got it."
    assert "It’s anonymous, so we can’t reply" in main.words
    ways = {link["href"] for link in main.one("div", class_="help-panel").all("a")}
    assert ways >= {"tel:988", "sms:988", "/help/"}
    assert main.all("form") == []
