"""The device to train on, and whether it computes bfloat16 fast."""

import time

import torch
from torch import nn

from training.cli import CommandError

SPEEDUP = 1.3
"""The least factor by which bfloat16 has to be faster: the casts around each layer cost something too."""
ROUNDS = 8


def pick_device(name: str) -> torch.device:
    """Return the named device; `auto` is the first of CUDA, MPS and the CPU that is there.

    Raises:
        CommandError: the named device is not there.
    """
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        name = next(device for device in ("cuda", "mps", "cpu") if there[device])
    if not there[name]:
        raise CommandError(f"--device {name}: this machine, or this build of PyTorch, has none; leave --device out")
    return torch.device(name)


def fast_bfloat16(device: torch.device) -> bool:
    """Measure whether a convolution is SPEEDUP times as fast in bfloat16 as in float32.

    It is on processors with AMX or AVX512_BF16 and on GPUs from Ampere on; a T4 and older processors emulate it.
    """
    return SPEEDUP * seconds(device, torch.bfloat16) < seconds(device, torch.float32)


@torch.no_grad()
def seconds(device: torch.device, dtype: torch.dtype) -> float:
    """Return the shortest of several times of the discriminator's largest convolution."""
    layer = nn.Conv2d(64, 64, 3, padding=1).to(device, dtype).to(memory_format=torch.channels_last)
    images = torch.zeros(64, 64, 14, 14, device=device, dtype=dtype).to(memory_format=torch.channels_last)
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        layer(images).sum().item()  # the number is waited for
        times.append(time.perf_counter() - began)
    return min(times)
