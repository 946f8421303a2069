"""What Django's own checks see of the library."""

import pytest
from django.contrib import admin
from django.core.checks import Tags, run_checks

from library.models import Section


def test_they_look_at_the_curators_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_checks(tags=[Tags.admin]) == []

    monkeypatch.setattr(type(admin.site.get_model_admin(Section)), "list_display", ["nothing"])

    assert [found.id for found in run_checks(tags=[Tags.admin])] == ["admin.E108"]
