#!/usr/bin/env python3
"""Reads the shards that vaecodec's library wrote with the libraries of other programs, and says what each makes of them.

    VAECODEC_SHARDS=/tmp/shards swift test -c release --filter ShardExportTests
    pip install webdataset wids datasets mosaicml-streaming
    python3 Tests/Distributed/check_shards.py /tmp/shards

A library that is not there is passed over with a message. Exits 1 if one that is there reads something else.
"""
import hashlib
import importlib
import json
import subprocess
import sys
import tarfile
from pathlib import Path

KEYS = ["train/one_jpg", "train/one_JPG", "é/two_v2_png", "a long folder/" * 12 + "ä" * 120, "train.v1/three_png"]
FIELDS = ["cls", "json", "latent.npy"]


def values(number, numpy):
    return (number + numpy.arange(24) / 8).astype("<f4").reshape(4, 2, 3)


def check_tar(folder):
    for path in sorted(folder.glob("*.tar")):
        listed = subprocess.run(["tar", "tf", path, "--quoting-style=literal"], capture_output=True, check=True)
        assert not listed.stderr, listed.stderr
        with tarfile.open(path) as archive:
            names = archive.getnames()
        assert listed.stdout.decode().splitlines() == names
        sidecar = json.loads(path.with_suffix(".json").read_text())
        assert sidecar["output"]["bytes"] == path.stat().st_size
        assert sidecar["output"]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert names[::3] == [f"{key}.cls" for key in KEYS if f"{key}.cls" in names]


def check_dali(folder):
    """What DALI's wds2idx writes, made again with tarfile; names with spaces stand in version 1.1 only."""
    for path in sorted(folder.glob("*.tar")):
        lines = {}
        with tarfile.open(path) as archive:
            for member in archive:
                dot = member.name.index(".", member.name.rfind("/") + 1)
                lines.setdefault(member.name[:dot], []).append(
                    (member.name[dot + 1:], member.offset_data, member.size, member.name))
        columns = 3 if any(" " in key for key in lines) else 4
        text = f"v1.{columns - 2} {len(lines)}\n"
        for line in lines.values():
            text += " ".join(" ".join(map(str, field[:columns])) for field in line) + "\n"
        assert path.with_suffix(".idx").read_text() == text


def check_webdataset(folder):
    import numpy
    import webdataset

    urls = sorted(map(str, folder.glob("*.tar")))
    samples = list(webdataset.WebDataset(urls, shardshuffle=False).decode())
    assert [sample["__key__"] for sample in samples] == KEYS
    for number, sample in enumerate(samples):
        assert [name for name in sample if not name.startswith("__")] == FIELDS
        assert sample["cls"] == number and sample["json"] == {"number": number}
        assert (sample["latent.npy"] == values(number, numpy)).all()


def check_wids(folder):
    import numpy
    import wids

    dataset = wids.ShardListDataset(str(folder / "shards.json"))
    assert len(dataset) == len(KEYS)
    for number in range(len(KEYS)):
        sample = dataset[number]
        assert sample["__key__"] == KEYS[number]
        assert (sample[".latent.npy"] == values(number, numpy)).all()


def check_datasets(folder):
    import datasets
    import numpy

    files = sorted(map(str, folder.glob("*.tar")))
    loaded = datasets.load_dataset("webdataset", data_files={"train": files}, split="train", streaming=True)
    samples = list(loaded)
    assert [sample["__key__"] for sample in samples] == KEYS
    for number, sample in enumerate(samples):
        assert (numpy.array(sample["latent.npy"], "f4") == values(number, numpy)).all()


def check_ray(folder):
    import numpy
    import ray

    ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False)
    rows = ray.data.read_webdataset(sorted(map(str, folder.glob("*.tar")))).take_all()
    rows.sort(key=lambda row: row["cls"])
    assert [row["__key__"] for row in rows] == KEYS
    for number, row in enumerate(rows):
        assert (row["latent.npy"] == values(number, numpy)).all()


def check_streaming(folder):
    import numpy
    from streaming import LocalDataset

    dataset = LocalDataset(local=str(folder / "mds"))
    assert len(dataset) == len(KEYS)
    for number in range(len(KEYS)):
        sample = dataset[number]
        assert sample["key"] == KEYS[number] and sample["number"] == number
        expected = values(number, numpy)
        assert (sample["latents"] == expected).all() and (sample["any_size"] == expected).all()
        assert sample["latents_256"] == expected.tobytes()


CHECKS = [
    ("tar and the sidecars", None, check_tar), ("DALI's index", None, check_dali),
    ("webdataset", "webdataset", check_webdataset), ("wids", "wids", check_wids),
    ("Hugging Face datasets", "datasets", check_datasets), ("mosaicml-streaming", "streaming", check_streaming),
    ("Ray", "ray", check_ray),
]


def main():
    if len(sys.argv) != 2 or not list(Path(sys.argv[1]).glob("*.tar")):
        print("no shards to check: this script takes the folder that ShardExportTests wrote")
        return 0
    failures = 0
    for name, module, check in CHECKS:
        try:
            version = importlib.import_module(module).__version__ if module else ""
        except ImportError:
            print(f"{name}: not installed, passed over")
            continue
        except AttributeError:
            version = ""
        try:
            check(Path(sys.argv[1]))
            print(f"{name} {version}".strip() + ": reads all of it")
        except Exception as error:  # Whatever a library throws is its verdict.
            failures += 1
            print(f"{name} {version}".strip() + f": FAILED: {type(error).__name__}: {error}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
