"""Files that curators send: kept in the database until they are done.

When nobody wants them any more, the scheduler has them deleted (`FileImport.objects.purge`).
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from library.models import FileImport, ImportChunk, User


def receive(
    parts: Iterable[bytes], name: str, by: User, now: datetime, *, create_missing: bool, publish: bool
) -> FileImport:
    """Keep a file and ask for its check, or do neither where something goes wrong."""
    with transaction.atomic():
        file_import = FileImport.objects.create(
            name=name,
            has_file=True,
            uploaded_by=by,
            uploaded_at=now,
            requested_at=now,
            create_missing=create_missing,
            publish=publish,
        )
        ImportChunk.objects.store(file_import, parts)
    return file_import
