"""OpenLineage events to a server, by OpenLineage's own client.

Nothing but the address and the key decides where they go: no `openlineage.yml` is read.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import requests
from openlineage.client.event_v2 import RunEvent
from openlineage.client.transport.http import (
    ApiKeyTokenProvider,
    HttpConfig,
    HttpTransport,
    TokenProvider,
)

from dvcinc.errors import CannotTellError, InputError
from dvcinc.forge.secret import Token

_KEY = "OPENLINEAGE_API_KEY"


def emit(events: Sequence[RunEvent], url: str) -> str:
    """Sends events, one after the other; what was done.

    Raises:
        InputError: The address is none.
        CannotTellError: The server cannot be reached, or does not take an event.
    """
    if not url.startswith(("http://", "https://")):
        raise InputError(f"{url!r} is no address of a server: it begins http:// or …")
    key = os.environ.get(_KEY)
    token = Token(key, _KEY) if key else None
    auth = ApiKeyTokenProvider({"api_key": key}) if key else TokenProvider({})
    # The client joins addresses as browsers do: a last part without / would be lost.
    there = f"{url.rstrip('/')}/"
    try:
        transport = HttpTransport(HttpConfig(url=there, auth=auth))
        for done, event in enumerate(events):
            _emit(transport, event, f"event {done + 1} of {len(events)}", token)
    except ValueError as error:
        raise InputError(f"{url!r} is no address of a server") from error
    return f"{len(events)} events sent"


def _emit(
    transport: HttpTransport, event: RunEvent, which: str, token: Token | None
) -> None:
    try:
        transport.emit(event)
    except requests.RequestException as error:
        said = token.hidden(str(error)) if token else str(error)[:300]
        raise CannotTellError(
            f"{which} was not taken: {said}",
            f"is this the server's address, and is {_KEY} set? "
            "Sending all of them again changes nothing that was taken",
        ) from error
