"""Connected components, against a plain flood fill."""

import numpy as np
import pytest

from core.imaging.runs import Components, Runs


def flooded(mask: np.ndarray) -> np.ndarray:
    """Number the components of a mask, a pixel at a time: (H, W), 0 where it is not set."""
    labels, count = np.zeros(mask.shape, int), 0
    for start in zip(*np.nonzero(mask), strict=True):
        if labels[start]:
            continue
        count += 1
        waiting = [start]
        while waiting:
            y, x = waiting.pop()
            if 0 <= y < mask.shape[0] and 0 <= x < mask.shape[1] and mask[y, x] and not labels[y, x]:
                labels[y, x] = count
                waiting += [(y + down, x + right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return labels


@pytest.mark.parametrize("share", [0.0, 0.05, 0.3, 0.5, 0.7, 0.95, 1.0])
def test_components_are_those_of_a_flood_fill(share: float) -> None:
    """Each has the box, the area and the pixels that a fill of its own finds."""
    mask = np.random.RandomState(3).uniform(size=(40, 57)) < share
    components, labels = Components.of(mask), flooded(mask)
    expected = set()
    for label in range(1, labels.max() + 1):
        rows, columns = np.nonzero(labels == label)
        expected.add((columns.min(), columns.max() + 1, rows.min(), rows.max() + 1, len(rows)))
    boxes = (components.left, components.right, components.top, components.bottom, components.areas)
    assert set(zip(*map(np.ndarray.tolist, boxes), strict=True)) == expected
    for index in range(len(components.areas)):
        alone = components.mask(np.arange(len(components.areas)) == index)
        assert len(np.unique(labels[alone])) == 1
        assert alone.sum() == components.areas[index]


def test_a_mask_is_made_of_its_runs() -> None:
    """There and back it is the same, and with runs made longer it is wider, up to its edges."""
    mask = np.random.RandomState(4).uniform(size=(30, 31)) < 0.4
    runs = Runs.of(mask)
    assert np.array_equal(runs.mask(), mask)
    wider = mask.copy()
    wider[:, 1:] |= mask[:, :-1]
    wider[:, :-1] |= mask[:, 1:]
    assert np.array_equal(runs.widened(1).mask(), wider)


def test_a_winding_line_is_one_component() -> None:
    """However long it is."""
    mask = np.zeros((99, 50), bool)
    mask[::2] = True
    mask[1::4, -1] = mask[3::4, 0] = True
    assert len(Components.of(mask).areas) == 1
