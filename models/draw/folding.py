"""Which steps of a run are drawn: all of a short one; of a long one its beginning, its end, and what is shown."""

from collections.abc import Iterable

from attrs import frozen

LONG = 120
"""How many steps a run has at most of which all are drawn."""

HEAD = 24
"""How many steps are drawn of the beginning of a longer one."""

TAIL = 48
"""How many of its end."""

AROUND = 12
"""How many before a step after which something shows, and half as many after it."""


@frozen
class Fold:
    """Steps one after the other that are not drawn."""

    first: int
    """The first of them."""
    last: int
    """The last of them."""

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        return f"{len(self):,} steps folded: {self.first:,} to {self.last:,}"


def folds(length: int, marked: Iterable[int] = ()) -> tuple[Fold, ...]:
    """The folds of a run of so many steps, after some of which something shows; a fold of one step is none."""
    if length <= LONG:
        return ()
    drawn = {*range(1, HEAD + 1), *range(length - TAIL + 1, length + 1)}
    for step in marked:
        drawn |= set(range(step - AROUND + 1, step + AROUND // 2 + 1))
    found, first = list[Fold](), 1
    for step in sorted(each for each in drawn if 1 <= each <= length):
        if step - first > 1:
            found.append(Fold(first, step - 1))
        first = step + 1
    return tuple(found)
