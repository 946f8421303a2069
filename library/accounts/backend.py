"""Who may sign in at all: active people with “staff status”. Nobody else has anything to do here."""

from typing import Any

from django.contrib.auth.backends import ModelBackend


class CuratorBackend(ModelBackend):
    """Django's own; a session ends with the next page when somebody is made inactive or loses the status."""

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and bool(user.is_staff)
