"""The claims on one request, shown, on a running site. claim_mutations.yml names what makes each of them false."""

import ipaddress

import psutil

from lab.chapters.one_request.connection_holder import holder_of_the_other_end
from lab.instruments.visit import visit
from mysite.names.resolver import questions_answered


def listener(site):
    """Return the process that listens at the web server's own port, as the operating system says."""
    own = (site.address, site.web.ready["port"])
    for process in (site.web, site.names):
        sockets = psutil.Process(process.pid).net_connections(kind="tcp")
        if any(socket.laddr == own and socket.status == psutil.CONN_LISTEN for socket in sockets):
            return psutil.Process(process.pid)
    raise AssertionError("nobody of ours listens there")


def test_s01_application_cache_and_database_run_on_one_server(site):
    accounts = [visit(site, host="127.0.0.1", path="/people").account for _ in range(2)]
    assert accounts[0].startswith("miss, ") and accounts[0].endswith("statements"), accounts
    assert accounts[1] == "hit"
    files = [file.path for file in listener(site).open_files()]
    assert any(path.endswith(".sqlite") for path in files), files


def test_s02_site_is_reached_by_its_name(site):
    by_name = visit(site, host="api.mysite.com")
    assert (by_name.status, by_name.questions) == (200, 1)
    site.zone.set_address("shop.mysite.com", site.address)
    assert visit(site, host="shop.mysite.com").status == 421


def test_s04_dns_returns_an_address(site):
    for name in ("api.mysite.com", "www.mysite.com"):
        answer = site.resolver().resolve(name)
        assert answer.addresses == (site.address,)
        assert answer.reply[-4:] == ipaddress.IPv4Address(site.address).packed
    assert listener(site).pid == site.web.pid


def test_s05_requests_go_straight_to_the_web_server(site):
    server = (site.address, site.names.ready["port"])
    resolver, before = site.resolver(), questions_answered(server)
    visits = [visit(site, path=path, resolver=resolver) for path in ("/", "/people", "/about")]
    assert [page_visit.questions for page_visit in visits] == [1, 0, 0]
    assert questions_answered(server) == before + 1
    assert [page_visit.traffic.sockets_opened for page_visit in visits] == [1, 1, 1]
    assert holder_of_the_other_end(site, resolver=resolver) == site.web.pid
