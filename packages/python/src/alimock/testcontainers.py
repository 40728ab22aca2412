"""For Testcontainers: `with AlimockContainer() as container:` runs the program in a container.

Needs the extra `testcontainers`: `pip install "alimock[testcontainers]"`.
"""

from __future__ import annotations

import os
import secrets
from typing import Any

from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

from alimock._control import AlimockError
from alimock._server import Server


class AlimockContainer(DockerContainer):
    """The emulator in a container, with a random token for its control API.

    One port is published, and all worlds share it. The AccessKey of a call selects the world; an unsigned call is in the world `default`.
    """

    def __init__(self, image: str | None = None, *, port: int = 4588, **kwargs: Any) -> None:
        """Names the image (default: `ALIMOCK_IMAGE`, else `alimock`) and its port. `kwargs` are those of `DockerContainer`."""
        super().__init__(image or os.environ.get("ALIMOCK_IMAGE") or "alimock", **kwargs)
        self._port = port
        self._server: Server | None = None
        self._token = secrets.token_urlsafe(24)
        self.with_env("ALIMOCK_CONTROL_TOKEN", self._token)
        self.with_exposed_ports(port)
        self.waiting_for(HttpWaitStrategy(port, "/_alimock/ready"))

    @property
    def server(self) -> Server:
        """The emulator, as `alimock.start` returns it. Raises `AlimockError` before the container is started."""
        if self._server is None:
            raise AlimockError("the container is not started: call start(), or use it in a `with`")
        return self._server

    def start(self) -> AlimockContainer:
        """Starts the container, and returns when the emulator is ready."""
        super().start()
        endpoint = f"http://{self.get_container_host_ip()}:{self.get_exposed_port(self._port)}"
        self._server = Server(endpoint, self._token, shares_port=True)
        return self

    def stop(self, force: bool = True, delete_volume: bool = True) -> None:
        """Removes the container."""
        self._server = None
        super().stop(force, delete_volume)
