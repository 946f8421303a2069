"""A podcast's feed of thirty episodes, hardly one of which is as it should be."""

from tests.imports.conftest import item, rss

_RIGHT_DATE = "Tue, 04 Feb 2020 10:00:00 GMT"
_LONG = "How a department of nine officers came to speak about sleep " * 12
_TITLES = (
    "Sleep &lt;b&gt;after&lt;/b&gt; a night shift",
    "&lt;script&gt;alert(1)&lt;/script&gt;Calm",
    "Rest &amp;amp; recovery",
    "眠りについて",
    "Сон после смены",
    "النوم بعد العمل",
    "Ύπνος και βάρδιες",
    "zero\u200bwidth \u202ebackwards",
    "  spaces   and\n\nlines  ",
    "🚓 Night watch 🚓",
    "=HYPERLINK(&quot;https://example.org/x&quot;,&quot;A formula&quot;)",
    _LONG,
    "Schlaf" * 60,
)
_DATES = (
    "",
    "yesterday",
    "Tue, 04 Feb 0001 10:00:00 GMT",
    "Tue, 04 Feb 9999 10:00:00 GMT",
    "2020-02-30",
    "04/02/20",
    "1580810400",
)
_SOUNDS = ("", "javascript:alert(1)", "https://example.org/with a space.mp3", "ftp://example.org/1.mp3")
_TIMES = ("forever", "-5", "99:99:99:99")

_ODD = [
    *(item(f"title-{place}", title, date=_RIGHT_DATE) for place, title in enumerate(_TITLES)),
    *(item(f"date-{place}", f"Dated oddly {place}", date=date) for place, date in enumerate(_DATES)),
    *(item(f"sound-{place}", f"Sounds oddly {place}", audio=audio) for place, audio in enumerate(_SOUNDS)),
    *(item(f"time-{place}", f"Lasts oddly {place}", duration=time) for place, time in enumerate(_TIMES)),
    # The second of one name is the first once more.
    item("twice", "Told twice"),
    item("twice", "Told twice, the second time"),
    "<item><guid>bare</guid><title>Neither sound nor date</title></item>",
]
ODD_FEED = rss("".join(_ODD))
assert len(_ODD) == 30
