"""Requests that are held open until all are there, so that what a server does with them can be counted exactly."""

import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import httpcore

from lab.service.running import ADDRESS, Service


def hold_open(services: Sequence[Service], requests: int) -> Counter[int]:
    """Send so many requests that are held open, to the servers in turns, then release them all.

    Return how many were answered with which status. Each request is inside, or refused, before the next one is sent,
    so the counts are the same on every run.
    """
    with ThreadPoolExecutor(requests) as clients:
        statuses = []
        for number in range(requests):
            service = services[number % len(services)]
            inside = service.ask("/inside")["inside"]
            statuses.append(clients.submit(_status, service))
            while not statuses[-1].done() and service.ask("/inside")["inside"] == inside:
                time.sleep(0.001)
        for service in services:
            service.ask("/release", "POST")
    return Counter(status.result() for status in statuses)


def _status(service: Service) -> int:
    return httpcore.request("GET", f"http://{ADDRESS}:{service.port}/hold").status
