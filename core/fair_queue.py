"""Fair queue: jobs of many flows in one line, in which no flow waits for the backlog of another.

Self-clocked fair queueing (Golestani, 1994, IEEE INFOCOM): the virtual time is the virtual finish of the job served
last, each flow's next job finishes its cost after the flow's start, and the job that finishes first is served. Of
flows that all wait, each gets an equal share of the worker, and a light job overtakes a heavy one. Flows have flows in
them, as in Bennett and Zhang (1996, ACM SIGCOMM): platforms share equally, then the people on each.
"""

from collections import deque
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

Flow = Sequence[str]
"""The path of a flow, the widest name first: a platform, then a person. No path is the beginning of another."""


class Costly(Protocol):
    """A job with a cost, in any unit."""

    @property
    def cost(self) -> float:
        """Cost of the job."""


Job = TypeVar("Job", bound=Costly)


class _Lane(Generic[Job]):
    """The jobs of one flow, first in, first out; see `FairQueue` for its methods."""

    def __init__(self, start: float) -> None:
        self.start = start
        self.cost = 0.0
        self._jobs: deque[Job] = deque()

    def __len__(self) -> int:
        return len(self._jobs)

    @property
    def next_cost(self) -> float:
        return self._jobs[0].cost

    def add(self, _: Flow, job: Job) -> None:
        self._jobs.append(job)
        self.cost += job.cost

    def take(self) -> Job:
        job = self._jobs.popleft()
        self.cost -= job.cost
        return job

    def remove(self, _: Flow, job: Job) -> None:
        self._jobs.remove(job)
        self.cost -= job.cost

    def ahead(self, _: Flow, __: float) -> float:
        return self.cost

    def last(self) -> Job:
        return self._jobs[-1]

    def victim(self, _: Flow) -> Job | None:
        return None


class FairQueue(Generic[Job]):
    """Jobs that wait; not safe among threads.

    Attributes:
        start: virtual time from which the flow of these jobs has something to be served.
        cost: of all jobs.
    """

    def __init__(self, start: float = 0.0) -> None:
        self.start = start
        self.cost = 0.0
        self._count = 0
        self._now = 0.0
        self._flows: dict[str, FairQueue[Job] | _Lane[Job]] = {}

    def __len__(self) -> int:
        return self._count

    @property
    def next_cost(self) -> float:
        """Cost of the job that `take` would return."""
        return self._flows[self._next()].next_cost

    def add(self, flow: Flow, job: Job) -> None:
        """Add a job to a flow."""
        name, *rest = flow
        if name not in self._flows:
            self._flows[name] = FairQueue(self._now) if rest else _Lane(self._now)
        self._flows[name].add(rest, job)
        self._count += 1
        self.cost += job.cost

    def take(self) -> Job:
        """Remove and return the job whose turn it is; there has to be one."""
        name = self._next()
        flow = self._flows[name]
        self._now = flow.start = flow.start + flow.next_cost
        job = flow.take()
        self._removed(name, job)
        return job

    def remove(self, flow: Flow, job: Job) -> None:
        """Remove a job that nobody waits for any more."""
        name, *rest = flow
        self._flows[name].remove(rest, job)
        self._removed(name, job)

    def ahead(self, flow: Flow, cost: float) -> float:
        """Return the cost of the jobs before a new one: until its turn no other flow is served more than its own."""
        name, *rest = flow
        own = self._flows[name].ahead(rest, cost) if name in self._flows else 0.0
        return own + sum(min(other.cost, own + cost) for key, other in self._flows.items() if key != name)

    def last(self) -> Job:
        """Return the last job of the largest flow."""
        return self._largest().last()

    def victim(self, flow: Flow) -> Job | None:
        """Return the job that has to make room for a new one of a flow: the last one of the largest flow.

        None where the new one's own flow would be as large.
        """
        name, *rest = flow
        own, largest = self._flows.get(name), self._largest()
        if 1 + len(own or ()) < len(largest):
            return largest.last()
        return own.victim(rest) if own else None

    def _largest(self) -> "FairQueue[Job] | _Lane[Job]":
        return max(self._flows.values(), key=len)

    def _next(self) -> str:
        return min(self._flows, key=lambda name: self._flows[name].start + self._flows[name].next_cost)

    def _removed(self, name: str, job: Job) -> None:
        self._count -= 1
        self.cost -= job.cost
        if not self._flows[name]:
            del self._flows[name]
        if not self._flows:
            self._now = self.cost = 0.0
