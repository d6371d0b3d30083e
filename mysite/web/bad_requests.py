"""HTTP as uvicorn reads it, with one thing mended: a request gets one answer, though its body turns out malformed.

uvicorn hands a request on when its head is read. If the body is malformed then, it answers 400, or tries to, where the
application answers too or has answered already: one of the two fails, and writes its traceback to the log.
"""

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

NOTHING_ANSWERED = (h11.IDLE, h11.SEND_RESPONSE)


class AnsweringOnce(H11Protocol):
    """400 where nothing has been answered yet, and then nothing of the application's; else the connection is closed."""

    def send_400_response(self, msg: str) -> None:
        if self.cycle is not None:
            self.cycle.disconnected = True  # what the application still says is passed over
        if self.conn.our_state in NOTHING_ANSWERED:
            super().send_400_response(msg)
        else:
            self.transport.close()
