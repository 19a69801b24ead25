#!/usr/bin/env python3
"""Write small .npy files with numpy itself, and what they hold: Fixtures/npy/*.npy and Fixtures/npy/index.json.

Per file the index gives the shape, the type, the format version, the order, and the values in row-major order as f64
numbers; `refused` says why a reader has to turn a file down instead.
"""
import json

import numpy as np
from numpy.lib import format as npy

from common import FIXTURES

FOLDER = FIXTURES / "npy"
SHAPE = (1, 4, 3, 5)


def values(shape, dtype):
    """Multiples of 1/8 between -3.75 and 3.75: exact in every floating type here."""
    count = int(np.prod(shape))
    return ((np.arange(count) * 7 % 61 - 30) / 8).reshape(shape).astype(dtype)


def arrays():
    """(file name, array, format version, why it is refused or None)."""
    f4 = values(SHAPE, "<f4")
    yield "f4.npy", f4, (1, 0), None
    yield "f2.npy", values(SHAPE, "<f2"), (1, 0), None
    yield "f8.npy", values(SHAPE, "<f8"), (1, 0), None
    yield "fortran.npy", np.asfortranarray(f4), (1, 0), None
    yield "version2.npy", f4, (2, 0), None
    yield "version3.npy", f4, (3, 0), None
    yield "rank3.npy", values(SHAPE[1:], "<f4"), (1, 0), None
    yield "batch2.npy", values((2, *SHAPE[1:]), "<f4"), (1, 0), None
    yield "big-endian.npy", values(SHAPE, ">f4"), (1, 0), None
    special = f4.copy()
    special[0, 0, 0, :4] = np.array([np.inf, -np.inf, np.nan, -0.0])
    yield "not-finite.npy", special, (1, 0), None
    yield "int8.npy", (values(SHAPE, "f8") * 8).astype("i1"), (1, 0), "integers are no latent"
    yield "object.npy", np.array([1.5, "text", None], dtype=object), (1, 0), "objects are pickled Python"
    yield "structured.npy", np.zeros(3, dtype=[("a", "<f4"), ("b", "<i4")]), (1, 0), "records are no latent"


def number(value):
    return value if np.isfinite(value) else str(value)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    index = []
    for name, array, version, refused in arrays():
        with open(FOLDER / name, "wb") as file:
            npy.write_array(file, array, version=version, allow_pickle=True)
        entry = {"file": name, "shape": list(array.shape), "dtype": array.dtype.str, "version": version[0]}
        entry["fortran_order"] = bool(array.flags.f_contiguous and not array.flags.c_contiguous)
        if refused is None:
            entry["values"] = [number(float(v)) for v in array.ravel(order="C")]
        else:
            entry["refused"] = refused
        index.append(entry)
    lines = ",\n".join("  " + json.dumps(entry) for entry in index)
    (FOLDER / "index.json").write_text("[\n" + lines + "\n]\n")
    print(len(index), "files,", sum(f.stat().st_size for f in FOLDER.iterdir()), "bytes")
