"""alimock from Python: start the emulator, make worlds in it, and change them.

`with alimock.start() as server:` runs the program; `with server.world("key-leaked") as world:` makes a world.
For pytest, the fixture `alimock` does both, and for unittest `alimock.unittest.AlimockTestCase`.
`alimock.testcontainers.AlimockContainer` runs the program in a container.
Everything here is a call of the control API (docs/control-api.md). A call that is refused raises `AlimockError`.
"""

from alimock._control import AlimockError, Call
from alimock._server import Server, start
from alimock._world import Clock, Faults, Key, Keys, Scenario, World, restore_environment

__all__ = [
    "AlimockError",
    "Call",
    "Clock",
    "Faults",
    "Key",
    "Keys",
    "Scenario",
    "Server",
    "World",
    "restore_environment",
    "start",
]
