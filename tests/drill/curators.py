"""A curator at work: signs in, opens a form, changes it, saves it, like a browser, for as long as the drill takes."""

import threading
from collections import defaultdict
from collections.abc import Sequence
from random import Random

import httpx2

from tests.drill.verdict import edit_in, summary_for
from tests.reading import fields_of, read

PASSWORD = "long enough for a drill"
PAUSE = (0.05, 0.4)  # seconds between two edits
AGAIN = 0.2  # seconds until a site that does not answer is asked again


class Curator(threading.Thread):
    """Notes each edit that the site has acknowledged, by entry, and each whose answer never came."""

    def __init__(self, name: str, site: str, entries: Sequence[int], seed: str, over: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.acknowledged: dict[int, list[str]] = defaultdict(list)
        self.unanswered: list[str] = []
        self.conflicts = 0
        self.failure = ""
        headers = {"Origin": site, "Sec-Fetch-Site": "same-origin"}
        self._browser = httpx2.Client(base_url=site, headers=headers, timeout=30, trust_env=False)
        self._entries = entries
        self._random = Random(seed)
        self._over = over
        self._number = 0

    def run(self) -> None:
        while not self._over.is_set() and not self.failure:
            try:
                self._edit(self._random.choice(self._entries))
                self._over.wait(self._random.uniform(*PAUSE))
            except httpx2.HTTPError:
                self._over.wait(AGAIN)

    def _edit(self, entry: int) -> None:
        address = f"/admin/library/resource/{entry}/change/"
        page = self._browser.get(address)
        if page.status_code == 302:
            self.sign_in()
            return
        if not self._is(page, 200):
            return
        (form,) = (each for each in read(page.text).all("form") if (each.get("id") or "").endswith("_form"))
        fields = fields_of(form)
        self._number += 1
        edit = f"{self.name} {self._number}"
        fields |= {"summary": summary_for(edit, edit_in(fields["summary"])), "_save": "Save"}
        try:
            answer = self._browser.post(address, data=fields)
        except httpx2.HTTPError:
            self.unanswered.append(edit)
            raise
        if answer.status_code == 409:  # somebody else was faster; a person would choose
            self.conflicts += 1
        elif self._is(answer, 302):
            self.acknowledged[entry].append(edit)

    def sign_in(self) -> None:
        address = "/admin/account/login/"
        page = self._browser.get(address)
        if not self._is(page, 200):
            return
        (form,) = (each for each in read(page.text).all("form") if each.all("input", name="login"))
        fields = fields_of(form) | {"login": self.name, "password": PASSWORD}
        self._is(self._browser.post(address, data=fields), 302)

    def _is(self, answer: httpx2.Response, status: int) -> bool:
        """Whether it is that; a site that says that it has no database is asked again later."""
        if answer.status_code not in {status, 503}:
            errors = " ".join(each.words for each in read(answer.text).all("ul", class_="errorlist"))
            self.failure = f"{self.name}: {answer.request.method} {answer.url} answered {answer.status_code} {errors}"
        if answer.status_code == 503:
            self._over.wait(AGAIN)
        return answer.status_code == status
