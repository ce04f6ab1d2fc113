# shows: asyncio works: an event loop with tasks, a queue and timers
# inputs: [[5], [0]]
# expects: [[0, 1, 4, 9, 16], []]
# limits: {"cpu_s": 5.0}
import asyncio


async def work(queue, n):
    for i in range(n):
        await asyncio.sleep(0)
        await queue.put(i * i)
    await queue.put(None)


async def main(n):
    queue = asyncio.Queue()
    task = asyncio.create_task(work(queue, n))
    found = []
    while (item := await queue.get()) is not None:
        found.append(item)
    await asyncio.wait_for(task, 5)
    return found


def f(n):
    return asyncio.run(main(n))
