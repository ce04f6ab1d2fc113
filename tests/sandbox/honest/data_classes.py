# shows: dataclasses, enums and typing work
# inputs: [[3, 4]]
# expects: [{"norm": 5.0, "kind": "long"}]
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    SHORT = "short"
    LONG = "long"


@dataclass(order=True)
class Vector:
    x: float
    y: float
    kind: Kind = field(init=False)

    def __post_init__(self) -> None:
        self.kind = Kind.LONG if self.norm() > 1 else Kind.SHORT

    def norm(self) -> float:
        return (self.x**2 + self.y**2) ** 0.5


def f(x, y):
    vector = Vector(x, y)
    return {"norm": vector.norm(), "kind": vector.kind.value}
