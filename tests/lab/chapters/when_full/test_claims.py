"""The claim on a full server, shown, on running servers. claim_mutations.yml names what makes it false."""

from lab.chapters.when_full.held_requests import hold_open
from lab.service.running import service


def test_s10_one_server_is_not_enough():
    servers, places = 2, 3
    one_too_many = servers + places + 1
    with service(servers, places) as one:
        assert hold_open([one], one_too_many) == {200: servers + places, 503: 1}
    with service(servers, places) as one, service(servers, places) as two:
        assert hold_open([one, two], one_too_many) == {200: one_too_many}
