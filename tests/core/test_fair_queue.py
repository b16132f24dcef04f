"""The fair queue: a flow's backlog is its own, a light job overtakes heavy ones, and nobody waits for ever."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from core.fair_queue import FairQueue, Flow

CROWD, SOMEBODY, ELSEWHERE = ("web", "crowd"), ("web", "somebody"), ("discord", "somebody")
FLOWS = st.sampled_from([CROWD, SOMEBODY, ELSEWHERE, ("discord", "other"), ("telegram", "net", "one")])


@dataclass(eq=False)
class Job:
    """A job of a flow."""

    flow: Flow
    cost: float = 1.0


def queue_of(jobs: Iterable[Job]) -> FairQueue[Job]:
    """A queue with these jobs, in this order."""
    queue: FairQueue[Job] = FairQueue()
    for job in jobs:
        queue.add(job.flow, job)
    return queue


def served(queue: FairQueue[Job], times: int | None = None) -> list[Job]:
    """The next jobs, or all."""
    return [queue.take() for _ in range(len(queue) if times is None else times)]


def test_one_flow_is_first_come_first_served() -> None:
    """Somebody alone gets things in the order asked for, whatever they cost."""
    jobs = [Job(SOMEBODY, cost) for cost in (20, 1, 5, 1)]
    assert served(queue_of(jobs)) == jobs


def test_a_light_job_overtakes_a_backlog() -> None:
    """One strip behind a hundred morphs of somebody else is next."""
    queue = queue_of(Job(CROWD, 20) for _ in range(100))
    served(queue, 3)
    strip = Job(SOMEBODY)
    queue.add(strip.flow, strip)
    assert queue.take() is strip


def test_a_heavy_job_waits_for_its_share_and_no_longer() -> None:
    """While others ask for one strip after the other, a morph of twenty strips comes after twenty of them."""
    morph = Job(SOMEBODY, 20)
    queue = queue_of([morph])
    order = []
    while morph not in order:
        strip = Job(CROWD)
        queue.add(strip.flow, strip)
        order += served(queue, 1)
    assert 18 <= len(order) <= 22


def test_people_share_equally_by_cost() -> None:
    """Of one with heavy and one with light jobs, each gets half of the time."""
    queue = queue_of([Job(CROWD, 5) for _ in range(50)] + [Job(SOMEBODY) for _ in range(250)])
    costs: Counter[str] = Counter()
    for job in served(queue, 60):
        costs[job.flow[1]] += int(job.cost)
    assert abs(costs["crowd"] - costs["somebody"]) <= 5


def test_platforms_share_equally_however_many_people_each_has() -> None:
    """A hundred people of one platform take no more than half from the one person of another."""
    queue = queue_of([Job(("web", str(person))) for person in range(100)] + [Job(ELSEWHERE) for _ in range(50)])
    platforms = Counter(job.flow[0] for job in served(queue, 60))
    assert platforms == {"web": 30, "discord": 30}


def test_who_has_left_costs_nobody_anything() -> None:
    """Removed jobs are not served, and the flow's next one is where it would have been without them."""
    gone, stays = Job(SOMEBODY, 50), Job(SOMEBODY)
    queue = queue_of([gone, stays, *(Job(CROWD, 3) for _ in range(3))])
    queue.remove(gone.flow, gone)
    assert queue.take() is stays
    assert (len(queue), queue.cost) == (3, 9)


def test_the_wait_counts_no_backlog_of_others_beyond_ones_own_share() -> None:
    """Before a strip come its own flow's jobs, and of each other flow no more than as much as those and itself."""
    queue = queue_of([Job(CROWD, 20) for _ in range(10)] + [Job(SOMEBODY, 2), Job(("web", "third"), 0.5)])
    assert queue.ahead(CROWD, 1) == 200 + 2 + 0.5
    assert queue.ahead(SOMEBODY, 1) == 2 + 3 + 0.5
    assert queue.ahead(ELSEWHERE, 1) == 1


def test_room_is_made_by_the_largest_flow() -> None:
    """The last job of the flow with the most gives way; one whose flow would have as many gives way to nobody."""
    crowd = [Job(CROWD) for _ in range(5)]
    queue = queue_of([*crowd, Job(SOMEBODY), *(Job(("discord", str(person))) for person in range(4))])
    assert queue.victim(SOMEBODY) is crowd[-1]
    assert queue.victim(("telegram", "new")) is crowd[-1]
    assert queue.victim(CROWD) is None
    assert queue_of([Job(SOMEBODY)]).victim(ELSEWHERE) is None
    # Both platforms have equally many: within the newcomer's own, its largest flow makes room.
    assert queue_of([*crowd, *(Job(ELSEWHERE) for _ in range(5))]).victim(SOMEBODY) is crowd[-1]


@given(st.lists(st.tuples(FLOWS, st.floats(0.1, 30), st.booleans()), min_size=1))
def test_every_job_is_served_once_and_the_books_are_right(asked: list[tuple[Flow, float, bool]]) -> None:
    """Whatever comes and leaves, each that stays is served once, and in the end the queue is empty and costs 0."""
    jobs = [(Job(flow, cost), leaves) for flow, cost, leaves in asked]
    queue = queue_of(job for job, _ in jobs)
    for job, leaves in jobs:
        if leaves:
            queue.remove(job.flow, job)
    stayed = {job for job, leaves in jobs if not leaves}
    assert len(queue) == len(stayed)
    assert abs(queue.cost - sum(job.cost for job in stayed)) < 1e-6
    assert set(served(queue)) == stayed
    assert (len(queue), queue.cost) == (0, 0.0)
