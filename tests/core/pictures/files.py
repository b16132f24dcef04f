"""Files of pictures, opened."""

import csv
import io
import zipfile

from PIL import Image


def image_of(data: bytes) -> Image.Image:
    """Return a file as an image."""
    return Image.open(io.BytesIO(data))


def in_archive(data: bytes) -> tuple[list[bytes], list[list[str]]]:
    """Return the pixels of each image in an archive, and the rows of its labels."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        rows = list(csv.reader(io.StringIO(file.read("labels.csv").decode())))
        images = [Image.open(io.BytesIO(file.read(row[0]))) for row in rows[1:]]
    assert all((image.size, image.mode) == ((28, 28), "L") for image in images)
    return [image.tobytes() for image in images], rows
