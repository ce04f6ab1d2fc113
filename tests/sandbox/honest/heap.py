# shows: heapq: shortest paths in a grid
# inputs: [[[[1, 3, 1], [1, 5, 1], [4, 2, 1]]], [[[0]]]]
# expects: [7, 0]
import heapq


def f(grid):
    rows, columns = len(grid), len(grid[0])
    best = {(0, 0): grid[0][0]}
    queue = [(grid[0][0], 0, 0)]
    while queue:
        cost, i, j = heapq.heappop(queue)
        for a, b in ((i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)):
            if 0 <= a < rows and 0 <= b < columns and cost + grid[a][b] < best.get((a, b), 10**9):
                best[a, b] = cost + grid[a][b]
                heapq.heappush(queue, (best[a, b], a, b))
    return best[rows - 1, columns - 1]
