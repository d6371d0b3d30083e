"""Who holds the other end of a connection: the server, or whoever stands in between."""

import os
import socket
import threading
from dataclasses import replace

from lab.chapters.one_request.connection_holder import holder_of_the_other_end


def test_web_server_holds_it(site):
    assert holder_of_the_other_end(site) == site.web.pid
    assert holder_of_the_other_end(site, host="127.0.0.1") == site.web.pid


def test_program_in_between_holds_it(site):
    """A forwarder in this process: the answer is the same, the other end is not."""
    with socket.create_server(("127.0.0.1", 0)) as entrance:

        def hand_on():
            client, _ = entrance.accept()
            with client, socket.create_connection((site.address, site.port)) as server:
                server.sendall(client.recv(65536))
                client.sendall(server.recv(65536))
                client.recv(1)  # until the client has gone

        thread = threading.Thread(target=hand_on)
        thread.start()
        assert holder_of_the_other_end(replace(site, port=entrance.getsockname()[1])) == os.getpid()
        thread.join()
