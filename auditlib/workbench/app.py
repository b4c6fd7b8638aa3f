"""The server behind ``auditlib app``: Voilà, answering to this machine's own names alone, leaving no kernel behind.

A page's kernel holds a county's data. It ends when the page closes or is loaded anew; where the browser could not say so
(it crashed, the machine slept), some minutes after nobody is connected to it any more.
"""

from __future__ import annotations

from typing import Any

from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler

LOOPBACK = ["localhost", "127.0.0.1", "::1"]
LEFT_ALONE, LOOKED_AT = 300, 60  # seconds without a page after which a kernel ends, and between two looks


class Closing(VoilaShutdownKernelHandler):  # type: ignore[misc] # Voilà is not typed
    """What a page calls as its last act. The browser sends no token with such a call, only the sitting's cookie."""

    def check_xsrf_cookie(self) -> None:
        """No token: the kernel's id is a random number that only its own page knows."""


class WorkbenchServer(Voila):  # type: ignore[misc]
    """Voilà, which by itself takes any name for its own and refuses the last call of its pages."""

    def init_settings(self) -> dict[str, Any]:
        """A page elsewhere whose name was made to point here is refused (DNS rebinding)."""
        return {**super().init_settings(), "allow_remote_access": False, "local_hostnames": LOOPBACK}

    def init_handlers(self) -> list[Any]:
        """The first that fits is taken."""
        return [(rf"{self.server_url}voila/api/shutdown/(.*)", Closing), *super().init_handlers()]


CULLING = (
    f"--MappingKernelManager.cull_idle_timeout={LEFT_ALONE}",
    f"--MappingKernelManager.cull_interval={LOOKED_AT}",
    "--MappingKernelManager.cull_connected=False",
)
