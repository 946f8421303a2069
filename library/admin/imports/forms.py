"""The form that a file of resources is uploaded with, and the template that a curator begins with."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.admin.exports import XLSX_TYPE
from library.exports.columns import COLUMNS
from library.exports.formats import as_csv, as_xlsx
from library.imports.readers import ENDINGS, wrong_ending
from library.imports.rows import EXAMPLE_ADDRESS

_EXAMPLE = {
    "title": _("EXAMPLE – replace or delete this row"),
    "kind": "podcast",
    "section": "podcasts",
    "url": EXAMPLE_ADDRESS,
    "summary": _("One to three plain sentences. What will the reader get?"),
    "publisher": _("Name of the publisher"),
    "published": "2020-02",
    "categories": [_("Name of a category"), _("Name of another category")],
    "tags": [_("one keyword"), _("another keyword")],
    "ref": "",
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        max_length=255,
        allow_empty_file=True,
        help_text=_("A spreadsheet, or a list from another system, up to 50 MB (about 100,000 entries)."),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
    )
    publish = forms.ChoiceField(
        label=_("New entries are"),
        choices=[
            ("", _("drafts: only curators see them; undoing the import deletes them")),
            (
                "yes",
                _("published right away: readers may see and link to them, so undoing can only withdraw them"),
            ),
        ],
        required=False,
        initial="",
        widget=forms.RadioSelect,
    )
    create_missing = forms.BooleanField(
        label=_("Create missing sections and categories"),
        required=False,
        help_text=_("Otherwise, those rows will be rejected. A section created here stays forever."),
    )

    def __init__(self, *sent: Any, may_publish: bool) -> None:
        """Without `may_publish` it asks for nothing that readers would see at once: new entries become drafts."""
        super().__init__(*sent)
        if not may_publish:
            del self.fields["publish"], self.fields["create_missing"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if PurePath(file.name).suffix.lower() not in ENDINGS:
            raise ValidationError(wrong_ending())
        if file.size > settings.IMPORT_FILE_LIMIT:
            raise ValidationError(gettext("The file is larger than 50 MB. Split it into smaller files."))
        return file


def template_file(ending: str) -> HttpResponseBase:
    """200 with a file that has the columns and one row that no import takes."""
    row = {
        column: [str(one) for one in value] if isinstance(value, list) else str(value)
        for column, value in _EXAMPLE.items()
    }
    example = iter([{column: row[column] for column in COLUMNS}])
    name = f"resources-template.{ending}"
    if ending == "xlsx":
        return FileResponse(
            as_xlsx(example, with_notes=True), as_attachment=True, filename=name, content_type=XLSX_TYPE
        )
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(as_csv(example), content_type="text/csv; charset=utf-8", headers=headers)
