"""The web server: waitress, which is told to end and then answers what is under way, and no more."""

from time import monotonic
from typing import Any

import waitress
from waitress import wasyncore
from waitress.channel import HTTPChannel

from service.errors import InvalidInput
from service.web.rest.fetching import Waiters

THREADS = 8
LOOK = 0.5
"""Seconds until the server sees that it is to end."""
PATIENCE = 30.0
"""Seconds that requests under way may take then; a writer waits no longer for its turn either."""
FORWARDED = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}


class Listener:
    """A port, and the connections to it."""

    def __init__(self, app: Any, host: str, port: int, proxy: str, waiters: Waiters | None = None) -> None:
        """InvalidInput if the port cannot be had; with port 0 it is any that is free.

        The `waiters` have threads of their own, and are sent off at the end. Only the `proxy` (its
        address, or `*` where nobody else can reach the port) is believed when it says whom it speaks
        for.
        """
        believed = {"trusted_proxy": proxy, "trusted_proxy_headers": FORWARDED} if proxy else {}
        self._sockets: dict[int, Any] = {}
        self._ending = False
        try:
            self._server = waitress.create_server(
                app,
                map=self._sockets,
                host=host,
                port=port,
                threads=THREADS,
                ident=None,
                channel_request_lookahead=1,  # else nobody sees that a client has gone while it waited
                clear_untrusted_proxy_headers=True,
                **believed,
            )
        except (OSError, OverflowError, ValueError) as error:
            raise InvalidInput("cli.serve.no_port", host=host, port=port, reason=error) from error
        self._waiters = waiters or Waiters()
        self._waiters.grow = self._grow
        self.port: int = getattr(self._server, "effective_port", port)

    def end(self, *_: object) -> None:
        """Tells `run` to come to its end; may be called by a signal."""
        self._ending = True

    def _grow(self, waiting: int) -> None:
        self._server.task_dispatcher.set_thread_count(THREADS + waiting)

    def run(self) -> None:
        """Serves until it is to end; then answers what is under way, as long as patience lasts."""
        while not self._ending:
            self._poll(LOOK)
        for one in list(self._sockets.values()):
            if getattr(one, "accepting", False):
                wasyncore.dispatcher.close(one)
        self._waiters.dismiss()
        until = monotonic() + PATIENCE
        while (channels := self._channels()) and monotonic() < until:
            for channel in channels:
                if not (channel.requests or channel.request or channel.total_outbufs_len):
                    channel.will_close = True
            self._poll(LOOK / 10)
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._sockets)

    def _poll(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, map=self._sockets, count=1)

    def _channels(self) -> list[HTTPChannel]:
        return [one for one in list(self._sockets.values()) if isinstance(one, HTTPChannel)]
