"""``AnyText``: a space of all texts up to a length. Gymnasium's own ``Text`` knows letters and digits only.

It also works in vector environments: observations are tuples of text, in shared memory too.
"""

import copy
from collections.abc import Iterator, Sequence
from typing import Any, overload

import gymnasium as gym
import numpy as np
from gymnasium.vector import utils
from numpy.typing import NDArray

from gradarium.errors import BadValue

MAX_LENGTH = 250_000
"""Characters of the longest text, unless said otherwise."""

_SAMPLED = 200
_ALPHABET = [*map(chr, range(32, 127)), "\n", "é", "ß", "λ", "中", "\N{MINUS SIGN}", "\N{SLIGHTLY SMILING FACE}"]


class AnyText(gym.Space[str]):
    """Every text of at most ``max_length`` characters.

    >>> "Any text, even with spaces." in AnyText(), 12 in AnyText()
    (True, False)
    """

    def __init__(self, max_length: int = MAX_LENGTH, seed: int | np.random.Generator | None = None) -> None:
        if isinstance(max_length, bool) or not isinstance(max_length, int) or max_length < 1:
            raise BadValue("max_length", max_length, "must be an integer of at least 1")
        self.max_length = max_length
        super().__init__(dtype=str, seed=seed)

    @property
    def is_np_flattenable(self) -> bool:
        """False: a text has no fixed number of entries."""
        return False

    def sample(self, mask: None = None, probability: None = None) -> str:
        """Return a short random text; masks and probabilities are not supported and raise BadValue."""
        if mask is not None or probability is not None:
            raise BadValue("mask", mask if probability is None else probability, "AnyText samples without a mask")
        length = int(self.np_random.integers(min(self.max_length, _SAMPLED) + 1))
        return "".join(_ALPHABET[i] for i in self.np_random.integers(len(_ALPHABET), size=length))

    def contains(self, x: Any) -> bool:
        """Return whether ``x`` is text and not too long."""
        return isinstance(x, str) and len(x) <= self.max_length

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AnyText) and self.max_length == other.max_length

    __hash__ = None  # type: ignore[assignment]  # like Gymnasium's spaces: equal by value, and they hold a generator

    def __repr__(self) -> str:
        return f"AnyText({self.max_length})"


class SharedTexts(Sequence[str]):
    """A live view of the texts in shared memory; its deep copy, which vector environments hand out, is a tuple.

    A row is the length of a text and then its code points.
    """

    def __init__(self, memory: Any, rows: int) -> None:
        self._rows: NDArray[np.int32] = np.frombuffer(memory.get_obj(), dtype=np.int32).reshape(rows, -1)

    def write(self, index: int, text: str) -> None:
        """Put a text into a row; raises BadValue where it does not fit."""
        row = self._rows[index]
        if len(text) >= len(row):
            raise BadValue("text", f"{text[:40]}...", f"has {len(text)} characters, {len(row) - 1} fit")
        row[0] = len(text)
        row[1 : len(text) + 1] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<i4")

    def _read(self, row: NDArray[np.int32]) -> str:
        return row[1 : int(row[0]) + 1].astype("<i4").tobytes().decode("utf-32-le", "surrogatepass")

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        rows = self._rows[index]
        return tuple(map(self._read, rows)) if isinstance(index, slice) else self._read(rows)

    def __iter__(self) -> Iterator[str]:
        return map(self._read, self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __deepcopy__(self, memo: dict[int, Any]) -> tuple[str, ...]:
        return tuple(self)


@utils.create_empty_array.register(AnyText)
def _create_empty_array(space: AnyText, n: int = 1, fn: object = None) -> tuple[str, ...]:
    return ("",) * n


@utils.batch_differing_spaces.register(AnyText)
def _batch_differing_spaces(spaces: Sequence[AnyText]) -> gym.spaces.Tuple[Any]:  # type: ignore[misc]  # it is the first space that decides
    return gym.spaces.Tuple([copy.deepcopy(space) for space in spaces])


@utils.create_shared_memory.register(AnyText)
def _create_shared_memory(space: AnyText, n: int = 1, ctx: Any = None) -> Any:
    return ctx.Array(np.dtype(np.int32).char, n * (space.max_length + 1))


@utils.read_from_shared_memory.register(AnyText)
def _read_from_shared_memory(space: AnyText, shared_memory: Any, n: int = 1) -> SharedTexts:
    return SharedTexts(shared_memory, n)


@utils.write_to_shared_memory.register(AnyText)
def _write_to_shared_memory(space: AnyText, index: int, value: str, shared_memory: Any) -> None:
    rows = len(shared_memory.get_obj()) // (space.max_length + 1)
    SharedTexts(shared_memory, rows).write(index, value)
