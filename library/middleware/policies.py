"""What browsers may do with an answer, beyond what Django's own settings say."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from .admin_only import is_admin_request

# Nothing that a page could turn on or ask for; passkeys alone, for curators.
_POWERFUL = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "clipboard-write"),
    *("display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid"),
    *("identity-credentials-get", "idle-detection", "keyboard-map", "local-fonts", "magnetometer", "microphone"),
    *("midi", "otp-credentials", "payment", "picture-in-picture", "publickey-credentials-create"),
    *("publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "sync-xhr", "usb"),
    *("window-management", "xr-spatial-tracking"),
)
_NO_PERMISSIONS = ", ".join(f"{feature}=()" for feature in _POWERFUL)
_PERMISSIONS_OF_CURATORS = re.sub(r"(publickey-credentials-\w+)=\(\)", r"\1=(self)", _NO_PERMISSIONS)
# Agencies show a resource's picture on their own pages, and the icon beside a link. Both are public, and no cookie goes
# with them. Everything else is for pages of this site.
_SHOWN_ELSEWHERE = ("/media/", "/favicon.ico", "/apple-touch-icon.png")


class BrowserPolicies:
    """The Permissions-Policy and Cross-Origin headers of every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        policy = _PERMISSIONS_OF_CURATORS if is_admin_request(request) else _NO_PERMISSIONS
        response.headers.setdefault("Permissions-Policy", policy)
        # Not require-corp: hosts of podcasts don't send what that would ask for, and their audio wouldn't play. Without
        # credentials, no host learns who is listening from a cookie.
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "credentialless")
        reach = "cross-origin" if request.path_info.startswith(_SHOWN_ELSEWHERE) else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", reach)
        return response
