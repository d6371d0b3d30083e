"""The room: who is served, who waits and who is turned away."""

import asyncio

import pytest

from lab.service.room import Full, Room


async def let_run():
    """Turns of the loop, enough for everybody to go as far as they can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def entered(room, count):
    """So many enter and stay: who is served, who is turned away, both in order, and the tasks."""
    served, refused = [], []

    async def stay(number):
        try:
            async with room.served():
                served.append(number)
                await asyncio.Event().wait()
        except Full:
            refused.append(number)

    tasks = [asyncio.create_task(stay(number)) for number in range(count)]
    await let_run()
    return served, refused, tasks


@pytest.mark.parametrize("servers, places", [(1, 0), (1, 1), (4, 8)])
def test_one_more_than_fits_is_turned_away(servers, places):
    async def run():
        room = Room(servers, places)
        served, refused, tasks = await entered(room, servers + places + 1)
        assert served == list(range(servers))
        assert refused == [servers + places]
        assert room.inside == servers + places
        for task in tasks:
            task.cancel()
        await let_run()
        assert room.inside == 0

    asyncio.run(run())


def test_who_waits_is_served_in_the_order_of_coming():
    async def run():
        served, _, tasks = await entered(Room(1), 4)
        for number in range(3):
            assert served == list(range(number + 1))
            tasks[number].cancel()
            await let_run()
        assert served == [0, 1, 2, 3]
        tasks[3].cancel()

    asyncio.run(run())


def test_who_leaves_while_waiting_makes_room():
    async def run():
        room = Room(1, 1)
        served, refused, tasks = await entered(room, 3)
        assert (served, refused, room.inside) == ([0], [2], 2)
        tasks[1].cancel()
        await let_run()
        assert room.inside == 1
        tasks[0].cancel()

    asyncio.run(run())


@pytest.mark.parametrize("servers, places", [(0, 1), (-1, 0), (1, -1)])
def test_a_room_without_servers(servers, places):
    with pytest.raises(ValueError, match="1 server or more"):
        Room(servers, places)


def test_room_for_all():
    async def run():
        room = Room(2)
        served, refused, tasks = await entered(room, 500)
        assert (served, refused, room.inside) == ([0, 1], [], 500)
        for task in tasks:
            task.cancel()

    asyncio.run(run())
