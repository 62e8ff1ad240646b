"""``python -m bench.delay PORT MS``: a network of so many milliseconds to PORT.

A TCP proxy on the loopback. Bytes arrive half of MS later in each direction, so that a
question and its answer cost MS; the first byte of a new connection waits MS more, as it
would for the answer to its SYN. Bandwidth is not limited, there is no TLS, and a new
connection does not start slowly: all three would cost snailmail more than us, since it
opens a connection for each letter.
"""

from __future__ import annotations

import asyncio
import socket
import sys

from bench.children import announce

CHUNK = 256 * 1024
IN_FLIGHT = 256  # chunks on the way; more wait at the sender


async def _carry(reader, writer, delay: float, not_before: float) -> None:
    """Hands over what ``reader`` gets, each piece ``delay`` seconds later."""
    loop = asyncio.get_running_loop()
    way: asyncio.Queue = asyncio.Queue(IN_FLIGHT)

    async def deliver():
        while True:
            due, data = await way.get()
            await asyncio.sleep(due - loop.time())
            if not data:
                return
            writer.write(data)
            await writer.drain()

    delivery = asyncio.create_task(deliver())
    try:
        while True:
            data = await reader.read(CHUNK)
            await way.put((max(loop.time(), not_before) + delay, data))
            if not data:
                break
        await delivery
    except ConnectionError:
        delivery.cancel()
    finally:
        writer.close()


async def _serve(port: int, seconds: float) -> None:
    async def connected(reader, writer):
        opened = asyncio.get_running_loop().time()
        onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", port)
        for end in (writer, onward_writer):
            end.get_extra_info("socket").setsockopt(
                socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
            )
        await asyncio.gather(
            _carry(reader, onward_writer, seconds / 2, opened + seconds),
            _carry(onward_reader, writer, seconds / 2, opened),
        )

    server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=4 * CHUNK)
    announce(server.sockets[0].getsockname()[1])
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
