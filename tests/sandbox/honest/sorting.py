# shows: a hundred thousand numbers are sorted by a program of its own in time
# inputs: [[100000]]
# expects: [[0, 50000, 99999]]
# limits: {"cpu_s": 10.0}
import random


def merge_sort(items):
    if len(items) < 2:
        return items
    middle = len(items) // 2
    left, right = merge_sort(items[:middle]), merge_sort(items[middle:])
    merged, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    return merged + left[i:] + right[j:]


def f(n):
    items = list(range(n))
    random.shuffle(items)
    done = merge_sort(items)
    return [done[0], done[n // 2], done[-1]]
