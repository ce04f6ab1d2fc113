# shows: threads may be started, up to a dozen at a time
# inputs: [[12]]
# expects: [[0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121]]
import threading


def f(n):
    squares = {}
    workers = [threading.Thread(target=lambda i=i: squares.__setitem__(i, i * i)) for i in range(n)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return [squares[i] for i in range(n)]
