"""What a resource and a row of a list both know to say of themselves."""

from datetime import date

from django.utils.safestring import SafeString, mark_safe

from ..days import date_label


class ShownInLists:
    """The text and the publication date, as readers see them."""

    body_html: str
    url: str
    link_state: str
    published_on: date | None
    published_precision: str
    # Of a list of words: why it answers them (`search.text_query.as_written`).
    marked_summary: str = ""
    window: str = ""
    passage: str = ""

    @property
    def has_lost_link(self) -> bool:
        """Whether nothing is at its address anymore, or something else."""
        return self.link_state in {"dead", "changed"}

    @property
    def open_url(self) -> str:
        """The address to which readers are sent; empty where it now shows something else."""
        return "" if self.link_state == "changed" else self.url

    @property
    def body_as_html(self) -> SafeString:
        """The text, as it was cleaned when it was saved."""
        return mark_safe(self.body_html)  # noqa: S308 - cleaned on save

    @property
    def published_iso(self) -> str:
        """The publication date as a machine reads it, no more exact than it is known: `2020-02`."""
        if self.published_on is None:
            return ""
        return self.published_on.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.published_precision]]

    @property
    def published_label(self) -> str:
        """The publication date as a person reads it, no more exact than it is known: “February 2020”."""
        if self.published_on is None:
            return ""
        return date_label(self.published_on, self.published_precision)
