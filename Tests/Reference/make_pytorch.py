#!/usr/bin/env python3
"""Write small files with torch.save: Fixtures/pytorch/.

`expected.safetensors` has the same tensors by FILE/NAME, row-major, for those files that are read; the others must be
refused by what they are. A tensor that is the whole file has no name after the slash.
"""
import argparse
import collections
import gzip
import io
import os
import pickle

import torch
from safetensors.torch import save_file

from common import FIXTURES

FOLDER = FIXTURES / "pytorch"
EXPECTED = {}


def values(*shape):
    """Multiples of 1/8 between -3.75 and 3.75: exact in every floating type but those of 8 bits."""
    count = int(torch.tensor(shape).prod()) if shape else 1
    return ((torch.arange(count) * 7 % 61 - 30) / 8).reshape(shape)


def saved(contents, **options):
    buffer = io.BytesIO()
    torch.save(contents, buffer, **options)
    return buffer.getvalue()


def write(name, contents, tensors=None, pack=bytes, **options):
    (FOLDER / name).write_bytes(pack(saved(contents, **options)))
    for key, tensor in (tensors or {}).items():
        EXPECTED[f"{name}/{key}"] = tensor.detach().clone(memory_format=torch.contiguous_format)


def state_dicts():
    torch.manual_seed(1)
    module = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.GroupNorm(2, 4), torch.nn.Linear(4, 5))
    state = module.to(memory_format=torch.channels_last).state_dict()
    write("state-dict.pt", state, state)
    optimizer = torch.optim.Adam(module.parameters())
    module(torch.randn(1, 3, 6, 6)).sum().backward()
    optimizer.step()
    training = {
        "epoch": 3, "rate": 0.1, "name": "kl-f8", "none": None, "large": 2**70, "bytes": b"\x00\xff", "set": {1, 2},
        "size": torch.Size([1, 2]), "device": torch.device("cpu"), "dtype": torch.float16, "list": [1, [2, (3,)]],
        "state_dict": state, "optimizer_states": [optimizer.state_dict()],
    }
    write("checkpoint.ckpt", training, state)
    write("nested.pt", {"model": {"encoder": {"a": state["0.bias"]}, 3: [state["2.bias"]]}, "x": state["2.bias"]},
          {"model.encoder.a": state["0.bias"], "model.3.0": state["2.bias"], "x": state["2.bias"]})
    parameters = collections.OrderedDict(module.named_parameters())
    write("parameters.pt", parameters, parameters)


def tensors():
    base = values(6, 4)
    views = {
        "whole": base, "tied": base, "transposed": base.t(), "row": base[2], "column": base[:, 1], "every-other": base[::2],
        "expanded": base[:1, :1].expand(3, 4), "scalar": base[1, 1], "empty": base[:0], "one": base[3:4, :, None],
        "last": values(2, 3, 4, 5).to(memory_format=torch.channels_last), "permuted": values(2, 3, 4).permute(2, 0, 1),
    }
    write("views.pt", views, views)
    types = {str(kind)[6:]: values(3, 5).to(kind) for kind in (
        torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8,
        torch.uint8, torch.bool, torch.float8_e4m3fn, torch.float8_e5m2)}
    write("types.pt", types, types)
    write("types-5.pt", types, types, pickle_protocol=5)


def latents():
    latent = values(1, 4, 3, 5)
    write("latent.pt", latent, {"": latent})
    write("latent.pt.gz", latent, {"": latent}, pack=lambda data: gzip.compress(data, mtime=0))
    for name, kind in (("half", torch.float16), ("bfloat", torch.bfloat16), ("double", torch.float64)):
        write(f"latent-{name}.pt", {"latents": latent[0].to(kind), "size": (40, 24)}, {"latents": latent[0].to(kind)})
    write("latent-batch.pt", {"latent": values(3, 4, 3, 5), "other": values(2)}, {
        "latent": values(3, 4, 3, 5), "other": values(2)})
    write("latent-last.pt", latent.to(memory_format=torch.channels_last), {"": latent})


class Evil:
    def __reduce__(self):
        return os.system, ("false",)


def refused():
    state = {"a": values(2)}
    write("legacy.pt", state, _use_new_zipfile_serialization=False)
    write("system.pt", {"state_dict": state, "x": Evil()})
    write("namespace.pt", {"state_dict": state, "x": argparse.Namespace(y=1)})
    write("conjugated.pt", {"a": torch.complex(values(2), values(2)).conj()})
    write("sparse.pt", {"a": torch.eye(2).to_sparse()})
    write("numpy-scalar.pt", {"a": values(2), "best": values(1).numpy()[0]})
    (FOLDER / "numpy.pkl").write_bytes(pickle.dumps(values(2).numpy()))
    (FOLDER / "plain.pkl").write_bytes(pickle.dumps({"a": [1.5]}))
    torch.jit.script(torch.nn.Linear(1, 1)).save(str(FOLDER / "script.pt"))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    state_dicts()
    tensors()
    latents()
    refused()
    save_file({key: value.contiguous() for key, value in EXPECTED.items()}, FOLDER / "expected.safetensors")
