#!/usr/bin/env python3
"""Write small shards of data sets as other programs do, and what they hold: Fixtures/shards/.

Tar archives come from Python's tarfile in its three formats and from webdataset, MDS shards from mosaicml-streaming:

    pip install mosaicml-streaming webdataset

`index.json` has the members of each archive in order, with their contents as text.
"""
import gzip
import io
import json
import re
import shutil
import tarfile

import numpy as np
import webdataset
from PIL import Image
from streaming import MDSWriter

from common import FIXTURES, picture

FOLDER = FIXTURES / "shards"
# Beyond the 100 bytes of a header's name, and within the 155 of its prefix.
LONG_FOLDER = "a-folder-of-a-long-name/" * 5
# A last component that no header has room for.
LONG_NAME = "é" * 80 + "n" * 200


def add(archive, name, contents, **fields):
    member = tarfile.TarInfo(name)
    member.size = len(contents)
    for key, value in fields.items():
        setattr(member, key, value)
    archive.addfile(member, io.BytesIO(contents))


def make_tar(name, tar_format, names, headers=None):
    """An archive of `names`, with a folder, links and a pipe between them."""
    kept = []
    with tarfile.open(FOLDER / name, "w", format=tar_format, pax_headers=headers) as archive:
        add(archive, "./", b"", type=tarfile.DIRTYPE)
        add(archive, "folder", b"", type=tarfile.DIRTYPE)
        for index, path in enumerate(names):
            contents = f"{index} of {name}".encode()
            add(archive, path, contents, mtime=1_700_000_000 + index, uname="user")
            kept.append([re.sub(r"^(\./+)+", "", path), contents.decode()])
            if index == 0:
                add(archive, "folder/hard", b"", type=tarfile.LNKTYPE, linkname=path)
                target = "x" * (90 if tar_format == tarfile.USTAR_FORMAT else 150)
                add(archive, "folder/soft", b"", type=tarfile.SYMTYPE, linkname=target)
                add(archive, "folder/pipe", b"", type=tarfile.FIFOTYPE)
                add(archive, "folder/device", b"", type=tarfile.CHRTYPE, devmajor=1, devminor=3)
    return kept


def make_webdataset(name):
    with webdataset.TarWriter(str(FOLDER / name), mtime=0, user="user", group="group") as writer:
        for index in range(3):
            writer.write({"__key__": f"train.v1/{index:04}", "txt": f"text {index}", "cls": index})
    return [[f"train.v1/{index:04}.{field}", text] for index in range(3)
            for field, text in (("cls", str(index)), ("txt", f"text {index}"))]


def make_written(name):
    """The archive that TarWriterTests writes: headers of ustar where names fit, of PAX where they do not."""
    with tarfile.open(FOLDER / name, "w") as archive:
        for key in ["train/0001", "é/0002", "folder/" * 20 + "0003"]:
            for field, text in (("cls", "0"), ("txt", "caption")):
                write(archive, f"{key}.{field}", text.encode(), tarfile.USTAR_FORMAT)
        write(archive, "n" * 150 + ".txt", b"long", tarfile.PAX_FORMAT)


def write(archive, name, contents, tar_format):
    archive.format = tar_format
    add(archive, name, contents, mode=0o444, mtime=0)


def png(pixels):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def values(shape, dtype):
    return (np.arange(int(np.prod(shape))) - 3).reshape(shape).astype(dtype)


COLUMNS = {
    "array": "ndarray", "array_of_i2": "ndarray:int16", "latents": "ndarray:float16:4,2,3", "bytes": "bytes",
    "text": "str", "number": "int", "json": "json", "picture": "png", "digits": "str_int", "u1": "uint8",
    "u2": "uint16", "u4": "uint32", "u8": "uint64", "i1": "int8", "i2": "int16", "i4": "int32", "i8": "int64",
    "f2": "float16", "f4": "float32", "f8": "float64", "é": "str",
}


def mds_sample(index):
    return {
        "array": values((2, 300) if index == 1 else (index + 1,), "<f4"), "array_of_i2": values((3, index + 1), "<i2"),
        "latents": values((4, 2, 3), "<f2"), "bytes": bytes(range(index)), "text": "é" * index, "number": -index,
        "json": {"caption": "é", "index": index}, "picture": png(picture(2, 1, index)), "digits": 10**20 + index,
        "u1": 255 - index, "u2": 65535 - index, "u4": 2**32 - 1 - index, "u8": 2**64 - 1 - index, "i1": -128 + index,
        "i2": -32768 + index, "i4": -(2**31) + index, "i8": -(2**63) + index, "f2": 0.5 - index, "f4": 0.25 - index,
        "f8": 0.1 - index, "é": "key",
    }


def make_mds(name, columns, samples, **options):
    shutil.rmtree(FOLDER / name, ignore_errors=True)
    with MDSWriter(out=str(FOLDER / name), columns=columns, **options) as writer:
        for sample in samples:
            writer.write(sample)


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    short = ["./000.jpg", "folder.v1/001.seg.png", "././/002.jpg"]
    ustar = short + [LONG_FOLDER + "003.jpg"]
    longer = ustar + [LONG_NAME + ".jpg", "folder/" + LONG_FOLDER + LONG_NAME + ".jpg", "004.jpg"]
    index = {
        "ustar.tar": make_tar("ustar.tar", tarfile.USTAR_FORMAT, ustar),
        "gnu.tar": make_tar("gnu.tar", tarfile.GNU_FORMAT, longer),
        "pax.tar": make_tar("pax.tar", tarfile.PAX_FORMAT, longer, {"comment": "for all members"}),
        "webdataset.tar": make_webdataset("webdataset.tar"),
    }
    make_written("written.tar")
    (FOLDER / "pax.tar.gz").write_bytes(gzip.compress((FOLDER / "pax.tar").read_bytes(), mtime=0))
    index["pax.tar.gz"] = index["pax.tar"]
    (FOLDER / "index.json").write_text(json.dumps(index, ensure_ascii=False, indent=1) + "\n")

    make_mds("mds", COLUMNS, map(mds_sample, range(3)))
    make_mds("mds-none", {"text": "str"}, [])
    # The limit falls between samples, on the last byte of one, and inside one.
    make_mds("mds-limit", {"text": "str", "latents_256": "bytes"},
             [{"text": "t" * index, "latents_256": b"l" * (5 * index)} for index in range(8)], size_limit=300)
    make_mds("mds-gz", {"text": "str"}, [{"text": "t" * 100}] * 3, compression="gz", hashes=["sha256"])
    make_mds("mds-pickle", {"object": "pkl"}, [{"object": [1]}])


if __name__ == "__main__":
    main()
