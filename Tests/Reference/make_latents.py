#!/usr/bin/env python3
"""Write small latent files as other programs do, with the libraries that they use: Fixtures/latents/.

numpy writes the .npz files, the safetensors package the others. All latents hold the same values, those of `values`;
flipped ones are mirrored. The index says of each file what a reader has to find, or why it must refuse.
"""
import io
import json
import zipfile

import numpy as np
import torch
from safetensors.torch import save_file

from common import FIXTURES

FOLDER = FIXTURES / "latents"
SHAPE = (4, 3, 5)
MASK = (np.arange(24 * 40) % 256 / 255).astype(np.float32).reshape(24, 40)
INDEX = []


def values(shape):
    """Multiples of 1/8 between -3.75 and 3.75: exact in every floating type here."""
    count = int(np.prod(shape))
    return ((np.arange(count) * 7 % 61 - 30) / 8).reshape(shape).astype(np.float32)


def note(name, **facts):
    INDEX.append({"file": name, **facts})


def npz(name, arrays, save=np.savez, **facts):
    save(FOLDER / name, **arrays)
    note(name, format="npz", **facts)


def tensors(name, arrays, metadata=None, **facts):
    save_file({key: value.contiguous() for key, value in arrays.items()}, FOLDER / name, metadata=metadata)
    note(name, **facts)


def kohya():
    """The generations of sd-scripts' caches: `library/strategy_base.py` and its ancestors."""
    z, size, crop = values(SHAPE), np.array([37, 20]), np.array([0.0, 0.0, 37.0, 20.0])
    flipped = np.ascontiguousarray(z[:, :, ::-1])
    npz("kohya-2022-12.npz", {"arr_0": z}, dialect="sd-scripts of December 2022")
    older = {"latents": z, "original_size": np.array([800, 600]), "crop_left_top": np.array([4, 0])}
    npz("kohya-2023-06.npz", older, dialect="sd-scripts of June 2023", original_size=[800, 600], crop=[4, 0])
    plain = {"latents": z, "original_size": size, "crop_ltrb": crop}
    facts = {"dialect": "sd-scripts of July 2023", "original_size": [37, 20], "crop": [0, 0, 37, 20], "picture": [37, 20]}
    npz("kohya-2023-07.npz", plain, **facts)
    npz("kohya-compressed.npz", plain, np.savez_compressed, **facts)
    full = {**plain, "latents_flipped": flipped, "alpha_mask": MASK}
    npz("kohya-flipped.npz", full, **facts, flipped=True, alpha_mask=True)
    resized = {**plain, "original_size": np.array([800, 600]), "crop_ltrb": np.array([0.0, -3.0, 40.0, 27.0])}
    facts = {"dialect": "sd-scripts of July 2023", "original_size": [800, 600], "crop": [0, -3, 40, 27]}
    npz("kohya-resized.npz", resized, **facts)
    npz("kohya-windows.npz", {**resized, "original_size": np.array([800, 600], dtype=np.int32)}, **facts)
    sixteen = values((16, 2, 3))
    flux = {"latents_2x3": sixteen, "original_size_2x3": np.array([24, 16]), "crop_ltrb_2x3": np.array([0, 0, 24, 16])}
    facts = {"dialect": "sd-scripts with sizes in its keys", "shape": [16, 2, 3]}
    npz("kohya-flux.npz", flux, **facts, original_size=[24, 16], crop=[0, 0, 24, 16], picture=[24, 16])
    several = {f"{key}_3x5": value for key, value in full.items()}
    several |= {"latents_1x2": values((4, 1, 2)), "original_size_1x2": np.array([16, 8]), "crop_ltrb_1x2": np.array([0, 0, 16, 8])}
    facts = {"original_size": [37, 20], "crop": [0, 0, 37, 20], "picture": [37, 20], "keys": ["latents_3x5", "latents_1x2"]}
    npz("kohya-several.npz", several, dialect="sd-scripts with sizes in its keys", **facts)


def kohya_refused():
    z = values(SHAPE)
    objects = np.array([1.5, "text", None], dtype=object)
    npz("pickled.npz", {"latents": objects}, refused="pickled Python objects")
    npz("other.npz", {"weights": z, "bias": z}, refused="no member `latents.npy`")
    npz("wrong-size.npz", {"latents_5x3": z}, refused="the latent is 3x5")
    mask = {"latents": z, "alpha_mask": MASK[:8]}
    npz("short-mask.npz", mask, refused="expected 960 numbers")
    header = io.BytesIO()
    np.save(header, z)
    with zipfile.ZipFile(FOLDER / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("latents.npy"), header.getvalue() + bytes(32 << 20), zipfile.ZIP_DEFLATED)
    note("bomb.npz", refused="33554672 bytes of values do not fit the shape [4, 3, 5]")
    npz("integers.npz", {"latents": (z * 8).astype(np.int64)}, refused="elements of type '<i8'")


def comfyui():
    """`latent_tensor`, and the empty tensor that says the values are raw (nodes.py, SaveLatent)."""
    z = torch.from_numpy(values((1, *SHAPE)))
    raw = {"latent_format_version_0": torch.tensor([])}
    since = {"format": "latent", "dialect": "since June 2023"}
    tensors("comfyui.latent", {"latent_tensor": z, **raw}, **since)
    workflow = {"prompt": json.dumps({"3": {"inputs": {"seed": 8}, "class_type": "KSampler"}}), "workflow": "{}"}
    tensors("comfyui-prompt.latent", {"latent_tensor": z, **raw}, workflow, **since)
    tensors("comfyui-f16.latent", {"latent_tensor": z.half(), **raw}, **since)
    tensors("comfyui-bf16.latent", {"latent_tensor": z.bfloat16(), **raw}, **since)
    tensors("comfyui-2023-05.latent", {"latent_tensor": z * 0.18215}, format="latent", dialect="May and June 2023", tolerance=1e-6)
    tensors("comfyui-one-frame.latent", {"latent_tensor": z[:, :, None], **raw}, **since)
    batch = torch.cat([z, z + 1])
    tensors("comfyui-batch.latent", {"latent_tensor": batch, **raw}, **since, keys=["latent_tensor[0]", "latent_tensor[1]"])
    video = torch.from_numpy(values((1, 4, 2, 3, 5)))
    tensors("comfyui-video.latent", {"latent_tensor": video, **raw}, refused="a video of 2 frames")
    tensors("comfyui-integers.latent", {"latent_tensor": (z * 8).int(), **raw}, refused="elements of type 'I32'")


def plain():
    z = torch.from_numpy(values((1, *SHAPE)))
    for dtype, name in [(torch.float32, "f32"), (torch.float16, "f16"), (torch.bfloat16, "bf16"), (torch.float64, "f64")]:
        tensors(f"plain-{name}.safetensors", {"latents": z.to(dtype)}, format="safetensors")
    tensors("plain-other-name.safetensors", {"z": z[0]}, format="safetensors")
    tensors("two-tensors.safetensors", {"encoder": z, "decoder": z + 1}, refused="none of its 2 tensors is a latent")


def musubi():
    """Keys with frames, height, width and type; raw or scaled is not said (dataset/cache_io.py)."""
    z = torch.from_numpy(values((16, 2, 3)))
    metadata = {"architecture": "z_image", "width": "800", "height": "600", "format_version": "1.0.1"}
    facts = {"format": "musubi", "dialect": "z_image", "shape": [16, 2, 3], "original_size": [800, 600], "unstated": True}
    tensors("musubi-image.safetensors", {"latents_1x2x3_float32": z}, metadata, **facts)
    tensors("musubi-bf16.safetensors", {"latents_1x2x3_bfloat16": z.bfloat16()}, metadata, **facts)
    tensors("musubi-frame.safetensors", {"latents_1x2x3_float32": z[:, None]}, metadata, **facts)
    tensors("musubi-flux2.safetensors", {"latents_2x3_float32": z}, metadata, **facts)
    video = torch.from_numpy(values((16, 5, 2, 3)))
    tensors("musubi-video.safetensors", {"latents_5x2x3_float32": video}, metadata, refused="a video of 5 frames")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    kohya()
    kohya_refused()
    comfyui()
    plain()
    musubi()
    (FOLDER / "index.json").write_text("[\n" + ",\n".join("  " + json.dumps(entry) for entry in INDEX) + "\n]\n")
    print(len(INDEX), "files,", sum(f.stat().st_size for f in FOLDER.iterdir()), "bytes")
