#!/usr/bin/env python3
"""Decode the range-coded files of Fixtures/golden with a second decoder, written from FORMAT.md alone.

Prints each file's name and the CRC-32 of its values (little-endian f32), and fails if Fixtures/golden/checksums.txt
says otherwise. So the specification is enough to read the format, and the streams mean what they always meant.
"""
import struct
import sys
import zlib
from decimal import Decimal, getcontext

import numpy as np

from common import FIXTURES

getcontext().prec = 60
TABLE = [int((Decimal(2) ** 32 / (1 + (Decimal(i) / 16).exp())).to_integral_value()) for i in range(257)]


def divide(a, b):
    """Rounds towards zero."""
    return -(-a // b) if a < 0 else a // b


def clamp(x, low, high):
    return min(max(x, low), high)


def log2(x):
    k = x.bit_length() - 1
    f = ((x << 10) >> k) - 1024
    return (k << 10) + f + ((352 * f * (1024 - f)) >> 20)


def exp2(y):
    f = y & 1023
    return ((1024 + f - ((345 * f * (1024 - f)) >> 20)) << (y >> 10)) >> 10


def tail(u):
    if u < 0:
        return 2**32 - tail(-u)
    if u >= 65536:
        return TABLE[256]
    i = u >> 8
    return TABLE[i] - (((TABLE[i] - TABLE[i + 1]) * (u & 255)) >> 8)


class RangeDecoder:
    def __init__(self, data):
        self.data, self.position = data, 4
        self.range, self.code = 2**32 - 1, int.from_bytes(data[:4], "big")

    def decide(self, p):
        bound = (self.range >> 16) * p
        yes = self.code < bound
        if yes:
            self.range = bound
        else:
            self.code -= bound
            self.range -= bound
        while self.range < 1 << 24:
            self.range <<= 8
            self.code = self.code << 8 | self.data[self.position]
            self.position += 1
        return yes

    def bits(self, count):
        number = 0
        for _ in range(count):
            number = 2 * number + self.decide(32768)
        return number

    def uniform(self, n):
        low = 0
        while n > 1:
            half = 1 << ((n - 1).bit_length() - 1)
            if n == 2 * half:
                return low + self.bits(n.bit_length() - 1)
            if self.decide(min((half << 16) // n, 65535)):
                return low + self.bits(half.bit_length() - 1)
            low += half
            n -= half
        return low


def share(part, whole):
    return clamp((part << 16) // whole, 1024, 64512) if whole > 0 else 32768


def number(decoder, parity, mean, scale):
    reciprocal = (1 << 24) // scale

    def mass(x):
        return tail((x * reciprocal) >> 12)

    k = (mean - (parity << 8) + 256) >> 9
    x = ((2 * k + parity + 1) << 8) - mean
    above = decoder.decide(share(mass(x), 2**32))
    x = x if above else -x
    low, size, first = 0, 1 << (scale >> 9).bit_length(), True
    outside = inside = mass(x)
    while low + size < 2**15:
        inside = mass(x + ((low + size) << 9))
        if decoder.decide(share(outside - inside, outside)):
            break
        outside = inside
        low += size
        if not first:
            size *= 2
        first = False
    while size > 1:
        size //= 2
        middle = mass(x + ((low + size) << 9))
        if decoder.decide(share(outside - middle, outside - inside)):
            inside = middle
        else:
            outside = middle
            low += size
    return 2 * (k + 1 + low if above else k - low) + parity


def decode(planes, height, width, first_errors, value):
    """Walks the planes; `value(index, plane, mean, scale)` decodes a number."""
    r = np.zeros((planes, height + 4, width + 4), dtype=object)
    e = np.zeros_like(r)
    a, b, c = 36045, 29491, 0
    own = [(0, -1), (-1, 0), (-1, -1), (-1, 1), (0, -2), (-2, 0)]
    cross = [(0, -1), (0, 1), (-1, 0), (1, 0)]
    for p in range(planes):
        e[p] = exp2(first_errors[p] << 7)
        m = int(e[p, 0, 0]) << 8
        size = 6 + 5 * min(p, 3) + max(p - 3, 0) + 1
        w = [32768, 32768, -16384, 6554] + [0] * (size - 4)
        A = np.zeros((size, size), dtype=np.int64)
        np.fill_diagonal(A, 51200)
        B = np.array([(x * 51200) >> 16 for x in w], dtype=np.int64)
        count = 0
        for y in range(2, height + 2):
            if y > 2:
                for plane in (r, e):
                    plane[p, y, :2] = plane[p, y - 1, 2]
            for x in range(2, width + 2):
                near = e[p, y, x - 1] + e[p, y - 1, x]
                far = e[p, y - 1, x - 1] + e[p, y - 1, x + 1] + e[p, y, x - 2] + e[p, y - 2, x]
                n = ((2 * near + far + 13) >> 3) + 1
                q = m >> 8
                if p:
                    total = weight = 0
                    for d in range(1, min(p, 3) + 1):
                        s = e[p - d, y - 1 : y + 2, x - 1 : x + 2]
                        total += 6 // d * int((s * np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])).sum())
                        weight += 16 * (6 // d)
                    q = total // weight
                ln, lq = log2(int(n)) - 4096, log2(int(q) + 2) - 4096
                s = exp2(clamp(((a * ln + b * lq + c * 1024) >> 16) + 4096, 0, 19456))
                scale = ((s * 2955) >> 8) + 16
                f = [int(r[p, y + dy, x + dx]) for dy, dx in own]
                for d in range(1, p + 1):
                    f.append(int(r[p - d, y, x]))
                    if d <= 3:
                        f += [int(r[p - d, y + dy, x + dx]) for dy, dx in cross]
                f.append((s >> 4) + 1)
                if count % 4 == 0:
                    for i in range(size):
                        rest = (int(B[i]) << 16) - sum(int(A[i, j]) * w[j] for j in range(size))
                        w[i] = clamp(w[i] + divide(rest, int(A[i, i]) + 1024), -524288, 524288)
                mean = clamp(sum(u * v for u, v in zip(w, f)) >> 8, -(2**22), 2**22)
                v = value(((p * height) + y - 2) * width + x - 2, p, mean, scale)
                d = min(abs((v << 8) - mean), 2**23)
                u = min((d << 12) // scale, 32768)
                g = 4096 - ((u * ((2**31 - tail(u)) >> 16)) >> 15)
                a, b = clamp(a - ((g * ln) >> 15), 0, 65536), clamp(b - ((g * lq) >> 15), 0, 65536)
                c = clamp(c - ((g * 1024) >> 15), -131072, 131072)
                r[p, y, x], e[p, y, x] = v, d >> 4
                m += (d >> 4) - (m >> 8)
                if count % 16 == 0:
                    A -= A >> 4
                    B -= B >> 4
                scaled = np.array([clamp((z * ((1 << 20) // s)) >> 12, -1024, 1024) for z in f + [v]])
                A += np.outer(scaled[:-1], scaled[:-1])
                B += scaled[:-1] * scaled[-1]
                count += 1
            for plane in (r, e):
                plane[p, y, :2] = plane[p, y, 2]
                plane[p, y, width + 2 :] = plane[p, y, width + 1]
        for plane in (r, e):
            plane[p, height + 2] = plane[p, height + 1]


def quantized(decoder, planes, height, width, heads):
    values = np.zeros(planes * height * width, np.float32)
    state = 0

    def value(index, plane, mean, scale):
        nonlocal state
        n = number(decoder, state & 1, mean, scale)
        state = (2 * state + ((n >> 1 ^ state >> 1 ^ state >> 2) & 1)) & 7
        values[index] = np.float32(n) * np.float32(heads[plane][0])
        return n

    decode(planes, height, width, [h[1] for h in heads], value)
    return values


def exact(decoder, planes, height, width, heads, kind, bits):
    values = np.zeros(planes * height * width, kind)
    sign, unsigned = 1 << (bits - 1), {16: np.uint16, 32: np.uint32}[bits]
    repeated = [False] * width
    odds = [1024, 16384, 16384, 64512]

    def rank(x):
        with np.errstate(over="ignore"):
            pattern = int(np.array([x]).astype(kind).view(unsigned)[0])
        return pattern ^ (2 * sign - 1) if pattern & sign else pattern | sign

    def unrank(n):
        return np.array([n ^ sign if n & sign else n ^ (2 * sign - 1)], unsigned).view(kind)[0]

    def value(index, plane, mean, scale):
        step, column = 2.0 ** heads[plane][0], index % width
        if column:
            context = repeated[column - 1] + 2 * repeated[column]
            repeated[column] = decoder.decide(odds[context])
            odds[context] += ((64512 if repeated[column] else 1024) - odds[context]) >> 5
            if repeated[column]:
                values[index] = values[index - 1]
                return 2 * int(np.floor(float(values[index]) / step + 0.5))
        r = number(decoder, 0, mean, scale)
        first = rank((r - 1) * step / 2)
        values[index] = unrank(first + decoder.uniform(rank((r + 1) * step / 2) - first))
        return r

    decode(planes, height, width, [h[1] for h in heads], value)
    return values.astype(np.float32)


def values(path):
    data, sections, at = path.read_bytes(), {}, 12
    while at < len(data):
        name, size = struct.unpack_from("<4sQ", data, at)
        sections[name] = data[at + 12 : at + 12 + size]
        at += size + 16
    space, content = sections[b"SPAC"], sections[b"DATA"]
    channels = struct.unpack_from("<I", space, 1 + space[0])[0]
    width, height = struct.unpack_from("<II", sections[b"PICT"], 8)
    what, _, coding = struct.unpack_from("<BQB", content)
    planes = channels * (2 if what == 2 else 1)
    head = "<fB" if coding == 2 else "<hB"
    heads = [struct.unpack_from(head, content, 10 + i * struct.calcsize(head)) for i in range(planes)]
    decoder = RangeDecoder(content[10 + planes * struct.calcsize(head) :])
    extents = (planes, height, width, heads)
    if coding == 2:
        result = quantized(decoder, *extents)
    else:
        result = exact(decoder, *extents, np.float16 if coding == 3 else np.float32, 16 if coding == 3 else 32)
    assert decoder.position == len(decoder.data)
    return result


if __name__ == "__main__":
    failed = False
    for line in (FIXTURES / "golden" / "checksums.txt").read_text().splitlines():
        name, expected = line.split()
        found = zlib.crc32(values(FIXTURES / "golden" / f"{name}.latent.bin").astype("<f4").tobytes())
        print(name, f"{found:x}", "right" if f"{found:x}" == expected else f"expected {expected}")
        failed |= f"{found:x}" != expected
    sys.exit(failed)
