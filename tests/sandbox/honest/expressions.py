# shows: re, string and collections work
# inputs: [["The cat, the dog; THE end."], [""]]
# expects: [[["the", 3], ["cat", 1], ["dog", 1], ["end", 1]], []]
import re
import string
from collections import Counter


def f(text):
    words = re.findall(rf"[{string.ascii_letters}]+", text)
    return [[word, number] for word, number in Counter(map(str.lower, words)).most_common()]
