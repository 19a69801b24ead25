"""Pictures to try a data set with, written without other packages, and what became of them."""
import glob
import os
import struct
import zlib


def write(folder, count):
    """Writes `count` pictures of 64x64 into five folders, no two alike."""
    for number in range(count):
        rows = b"".join(
            b"\0" + bytes((x * number + c * y + number // 256) % 256 for x in range(64) for c in range(3))
            for y in range(64))
        os.makedirs(f"{folder}/{number % 5}", exist_ok=True)
        with open(f"{folder}/{number % 5}/{number}.png", "wb") as file:
            file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0))
                       + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def outputs(folder):
    """The content of each latent in `folder`, by its path there."""
    found = {}
    for path in glob.glob(folder + "/**/*.bin", recursive=True):
        with open(path, "rb") as file:
            found[os.path.relpath(path, folder)] = file.read()
    return found


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
