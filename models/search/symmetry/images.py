"""What an exchange makes of numbers: of engines, messages, inboxes, configurations, memories, and of whole rows."""

from typing import Any

import numpy as np

from models.search.actors import Actors, Column, Number
from models.search.lookup import UNKNOWN, Ints
from models.search.symmetry.group import Exchange, Group
from models.search.tables import Growing
from models.search.values import NOTHING
from models.search.vectorised import Rows, widened


class Images:
    """The images that a search has asked for, one exchange at a time; each is worked out once."""

    def __init__(self, actors: Actors, group: Group) -> None:
        self.actors = actors
        self.group = group
        self._engines: dict[tuple[int, int], int] = {}
        self._messages: dict[tuple[int, int], int] = {}
        self._inboxes: dict[tuple[int, int], int] = {}
        self._memories: dict[tuple[int, int, int], int] = {}
        self._columns: dict[tuple[int, Column], Column] = {}
        self._tables: dict[tuple[int, Column], Growing] = {}

    def column(self, exchange: Exchange, column: Column) -> Column:
        """The column of whoever the owner of a column becomes."""
        key = (exchange.number, column)
        if key not in self._columns:
            name = self.actors.names[column]
            image = column if name is None else self.actors.column(exchange.renaming(name))
            self._columns[key] = image
        return self._columns[key]

    def engine(self, exchange: Exchange, engine: int) -> int:
        """The number of what an engine becomes."""
        key = (exchange.number, engine)
        if engine != NOTHING and key not in self._engines:
            engines = self.actors.engines
            self._engines[key] = engines.number(exchange.renaming(engines[engine]))
        return NOTHING if engine == NOTHING else self._engines[key]

    def message(self, exchange: Exchange, message: int) -> int:
        """The number of what a message becomes."""
        key = (exchange.number, message)
        if key not in self._messages:
            messages = self.actors.inboxes.messages
            self._messages[key] = messages.number(exchange.renaming(messages[message]))
        return self._messages[key]

    def inbox(self, exchange: Exchange, inbox: int) -> int:
        """The number of what an inbox becomes."""
        key = (exchange.number, inbox)
        if inbox != NOTHING and key not in self._inboxes:
            inboxes = self.actors.inboxes
            self._inboxes[key] = inboxes.number(exchange.renaming(inboxes.boxes(inbox)))
        return NOTHING if inbox == NOTHING else self._inboxes[key]

    def memory(self, exchange: Exchange, monitor: int, memory: int) -> int:
        """The number of what a monitor's memory becomes."""
        key = (exchange.number, monitor, memory)
        if key not in self._memories:
            renamed: Any = exchange.renaming(self.actors.memory(monitor, memory))
            self._memories[key] = self.actors.remembered(monitor, renamed)
        return self._memories[key]

    def configuration(self, exchange: Exchange, column: Column, number: Number) -> Number:
        """The number, in the column of whom the owner becomes, of what a configuration becomes."""
        if number == NOTHING or column == self.actors.faults_column:
            return number
        if column == self.actors.memory_column:
            memories = tuple(
                self.memory(exchange, monitor, memory)
                for monitor, memory in enumerate(self.actors.memories(number))
            )
            return self.actors.configurations[column].number(memories)
        engine, inbox = self.actors.parts(column, number)
        return self.actors.configuration(
            self.column(exchange, column),
            self.engine(exchange, engine),
            self.inbox(exchange, inbox),
        )

    def configurations(self, exchange: Exchange, column: Column, numbers: Ints) -> Ints:
        """What configurations of a column become, place by place."""
        table = self._tables.get((exchange.number, column))
        if table is None:
            table = self._tables[exchange.number, column] = Growing(np.int32, UNKNOWN)
            table.extend([NOTHING])
        table.reserve(len(self.actors.configurations[column]))
        found: Ints = table.array()[numbers]
        new = found == UNKNOWN
        if new.any():
            unknown = np.unique(numbers[new])
            images = [self.configuration(exchange, column, int(each)) for each in unknown]
            table.array()[unknown] = images
            found = table.array()[numbers]
        return found

    def rows(self, exchange: Exchange, rows: Rows) -> Rows:
        """What states become; there may be more columns afterwards."""
        targets = [self.column(exchange, column) for column in range(rows.shape[1])]
        images = np.zeros((len(rows), len(self.actors.configurations)), dtype=np.int32)
        for column, target in enumerate(targets):
            images[:, target] = self.configurations(exchange, column, rows[:, column])
        return images

    def fixed(self, exchange: Exchange, rows: Rows, columns: list[Column]) -> Any:
        """Of each state, whether these of its columns, which become each other, stay what they are."""
        same = np.ones(len(rows), dtype=np.bool_)
        wide = widened(rows, len(self.actors.configurations))
        for column in columns:
            image = self.configurations(exchange, column, wide[:, column])
            same &= image == wide[:, self.column(exchange, column)]
        return same
