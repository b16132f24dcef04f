"""Seconds of a training step, and the number of CPU threads that pays."""

import time
from collections.abc import Callable

import torch

from training.config import Config
from training.data import BalancedBatches, Digits
from training.models import MODELS

SPEEDUP = 1.1
"""The least factor by which twice as many threads have to be faster: below it they only heat the machine."""
MEASURED_STEPS = 8
"""Steps of a measurement at least; every eighth of the default model costs more."""
MEASURED_SECONDS = 0.5
"""Duration of a measurement at least: steps of the dense models take milliseconds."""


def choose_threads(name: str, config: Config, digits: Digits, threads: int) -> tuple[int, float]:
    """Measure how long a step takes with a model that is then thrown away, and set the number of CPU threads.

    Args:
        name: of the model.
        config: of the run.
        digits: to train on, on the device of the run.
        threads: to use; 0 takes as many as pay on the CPU.

    Returns:
        The number of threads, and the seconds of a step.
    """
    model = MODELS[name].model(config)
    model.begin()
    model.to(digits.labels.device)
    optimizers, batches, most = model.optimizers(), BalancedBatches(digits, config.batch), torch.get_num_threads()
    # Steps from all over a run on untrained networks could diverge: they change no weight.
    for group in (group for optimizer in optimizers for group in optimizer.param_groups):
        group["lr"] = 0.0

    def training_step(step: int) -> float:
        return float(next(iter(model.training_step(optimizers, batches, step).values())))

    def measure(number: int) -> float:
        torch.set_num_threads(number)
        return seconds_a_step(training_step, config.steps)

    if threads or digits.labels.device.type != "cpu":
        torch.set_num_threads(threads or most)
        found = threads or most, seconds_a_step(training_step, config.steps, least=0)
    else:
        found = fastest_threads(measure, most)
        torch.set_num_threads(found[0])
    return found


def seconds_a_step(training_step: Callable[[int], float], steps: int, least: float = MEASURED_SECONDS) -> float:
    """Measure the mean seconds of a training step, over steps from all over a run.

    Args:
        training_step: takes the number of a step, takes that step, and returns a loss.
        steps: of the run.
        least: seconds to measure for.
    """
    # With an odd stride one of eight steps is a multiple of 8, and steps // 8 alone would never reach half-way in four.
    stride = -(-steps // MEASURED_STEPS) | 1
    training_step(1)  # the first one compiles and allocates
    began, taken = time.perf_counter(), 0
    while taken < MEASURED_STEPS or time.perf_counter() - began < least:
        training_step(taken % MEASURED_STEPS * stride % steps)
        taken += 1
    return (time.perf_counter() - began) / taken


def fastest_threads(measure: Callable[[int], float], most: int) -> tuple[int, float]:
    """Double the number of threads for as long as it pays.

    Args:
        measure: takes a number of threads and returns the seconds of a step.
        most: threads.

    Returns:
        The number, and the seconds of a step.
    """
    threads, best = 1, measure(1)
    while threads < most:
        more = min(2 * threads, most)
        found = measure(more)
        if found * SPEEDUP > best:
            break
        threads, best = more, found
    return threads, best
