#!/usr/bin/env python3
"""Write small files of latent.bin, version 1, from the format's description alone: Fixtures/golden/*.latent.bin.

They pin the format: the tests read them and write them again, byte for byte. They are made once; a change of these
bytes is a change of the format and needs a new version number.
"""
import struct
import zlib

import numpy as np

from common import FIXTURES

MAGIC = bytes([0x89]) + b"VAE\r\n\x1a\n"
FINGERPRINT = 0x0123456789ABCDEF


def section(name, payload):
    head = name + struct.pack("<Q", len(payload))
    return head + payload + struct.pack("<I", zlib.crc32(head + payload))


def space(family, convention, scaling):
    """`scaling` is factor, shift, and then the means and the deviations of the channels where there are such."""
    kind = 2 if len(scaling) > 2 else 1
    name = family.encode()
    head = struct.pack("<B", len(name)) + name + struct.pack("<IIBB", 4, 8, convention, kind)
    return head + struct.pack(f"<{len(scaling)}f", *scaling) + struct.pack("<Q", FINGERPRINT)


def picture():
    """17x11 pixels, a latent of 3x2, 8 bits, upright, no matte."""
    return struct.pack("<IIII6B", 17, 11, 3, 2, 8, 1, 0, 0, 0, 0)


def values():
    i = np.arange(24)
    numbers = (i * i - 200).astype(np.float32) / np.float32(7)
    numbers[-2:] = np.array([-0.0, 1e-40], np.float32)
    return numbers


def log_variances():
    return np.arange(24).astype(np.float32) / np.float32(3) - np.float32(30)


def data(posterior, seed, *planes):
    return struct.pack("<BQB", posterior, seed, 0) + b"".join(p.astype("<f4").tobytes() for p in planes)


def write(name, *sections):
    folder = FIXTURES / "golden"
    folder.mkdir(parents=True, exist_ok=True)
    names = (b"SPAC", b"PICT", b"DATA")
    content = MAGIC + struct.pack("<HH", 1, 0) + b"".join(map(section, names, sections)) + section(b"ENDS", b"")
    (folder / f"{name}.latent.bin").write_bytes(content)
    print(name, len(content), "bytes")


if __name__ == "__main__":
    raw = space("sd", 0, (0.18215, 0))
    write("mean", raw, picture(), data(0, 0, values()))
    write("sample", raw, picture(), data(1, 0xFEDCBA9876543210, values()))
    write("moments", raw, picture(), data(2, 0, values(), log_variances()))
    statistics = (0.5, 0, -1.6574, 1.886, -1.383, 2.5155, 8.4927, 5.9022, 6.5498, 5.2299)
    write("statistics", space("playground", 1, statistics), picture(), data(0, 0, values()))
