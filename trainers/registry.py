"""Tables of functions by name: a variant is added by defining it under ``@register(TABLE)``."""

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def register(table: dict[str, F]) -> Callable[[F], F]:
    """Return a decorator that enters a function in the table under its own name and leaves it as it is."""

    def add(function: F) -> F:
        table[function.__name__] = function
        return function

    return add
