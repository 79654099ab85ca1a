"""The crew: all scripted people of the demo, each in a thread of their own.

It starts them, ends them, and says when one of them broke down. What they do stands in
`analyst`; which daemons run stands in `federation`.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Event, Thread

from inhope_node.demo.analyst import Analyst, Arrivals, file_reports
from inhope_node.demo.casebook import Casebook
from inhope_node.demo.desk import Desk, PatientDesk, WorkEnded

JOIN_TIMEOUT_S = 10.0


@dataclass(slots=True)
class Crew:
    """People at work; `start` once, `end` once.

    Attributes:
        casebook: What the plan wants and how far the work is.
        desks: For each hotline one desk a person; the first also files the reports.
        gap_s: How long after each report the next one comes in.
    """

    casebook: Casebook
    desks: Mapping[str, Sequence[Desk]]
    gap_s: float = 0.0
    _ended: Event = field(default_factory=Event)
    _threads: list[Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin the working day at every hotline."""
        arrivals = Arrivals(time.monotonic(), self.gap_s)
        for hotline, desks in self.desks.items():
            patient = [PatientDesk(desk, self._ended) for desk in desks]
            self._employ(
                f"{hotline}-intake",
                partial(file_reports, patient[0], self.casebook, hotline, arrivals, self._ended),
            )
            for number, desk in enumerate(patient, start=1):
                analyst = Analyst(hotline, desk, self.casebook, self._ended)
                self._employ(f"{hotline}-analyst-{number}", analyst.work)

    def end(self) -> None:
        """Send everybody home and wait until they have left."""
        self._ended.set()
        for thread in self._threads:
            thread.join(JOIN_TIMEOUT_S)

    def _employ(self, name: str, work: Callable[[], None]) -> None:
        thread = Thread(target=self._at_work, args=(name, work), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _at_work(self, name: str, work: Callable[[], None]) -> None:
        """Run one person's day; a breakdown is noted, never swallowed."""
        try:
            work()
        except WorkEnded:
            return
        except Exception as error:  # noqa: BLE001 - a thread has nobody above it to tell
            self.casebook.note_trouble(f"{name} stopped: {type(error).__name__}: {error}")
