"""alimock from Python: start the emulator, make worlds in it, and change them.

`with alimock.start() as server:` runs the program; `with server.world("key-leaked") as world:` makes a world.
For pytest, the fixture `alimock` does both. Everything here is a call of the control API (docs/control-api.md).
"""

from alimock._control import AlimockError, Call
from alimock._server import Server, start
from alimock._world import Clock, Faults, Key, Keys, World

__all__ = ["AlimockError", "Call", "Clock", "Faults", "Key", "Keys", "Server", "World", "start"]
