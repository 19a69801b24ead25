#!/usr/bin/env python3
"""Make small random autoencoders with diffusers' own classes, and what diffusers computes with them.

Writes Fixtures/models/<name>/: config.json and diffusion_pytorch_model.safetensors as `save_pretrained` leaves them, and
reference.safetensors (all f32, NCHW) with

    image          [1,3,H,W]      the 8-bit picture as x / 255 * 2 - 1, in f32 (KL and tiny); picture.png holds its bytes
    moments        [1,2Z,h,w]     KL: means, then log-variances, after quant_conv where there is one
    sample_seed_7  [1,Z,h,w]      KL: the posterior's sample with a CPU generator seeded with 7
    scaled         [1,Z,h,w]      KL: the mean as a diffusion model sees it (scaling, shift, mean and deviation applied)
    latent         [1,Z,h,w]      tiny: what encode() gives
    latent_in      [1,Z,h',w']    what was decoded, where that is not the mean or `latent`
    decoded        [1,3,8h,8w]    the decoder's output, not clamped

reference-HxW.safetensors are further pictures through the same weights. Weights stored in 16 bits are converted to f32
before anything is computed. `--check` also computes every model in f64 and prints how far f32 is from it.
"""
import argparse
import json
import shutil

import numpy as np
import torch
from diffusers import AutoencoderKL, AutoencoderKLFlux2, AutoencoderTiny
from diffusers.utils import logging
from safetensors.torch import load_file, save_file

from common import FIXTURES, picture, write_png, write_tensors

MODELS = FIXTURES / "models"
WEIGHTS = "diffusion_pytorch_model.safetensors"


def blocks(widths):
    """The keyword arguments that fix the levels of an AutoencoderKL."""
    return dict(
        block_out_channels=widths,
        down_block_types=("DownEncoderBlock2D",) * len(widths),
        up_block_types=("UpDecoderBlock2D",) * len(widths),
    )


def randomise(model, rng, dtype):
    """Fill `model` with values that keep activations near unit size, rounded to what `dtype` can hold."""
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            shape = tuple(tensor.shape)
            if tensor.ndim >= 2:
                values = rng.standard_normal(shape) / np.sqrt(tensor[0].numel())
            elif "norm" in name and name.endswith("weight"):
                values = rng.uniform(0.5, 1.5, shape)
            else:
                values = 0.1 * rng.standard_normal(shape)
            if name == "decoder.conv_out.weight":
                values = 0.5 * values  # most decoded values inside -1...1, where a pixel is not clamped
            tensor.copy_(torch.from_numpy(values.astype(np.float32)).to(dtype))
        if hasattr(model, "bn"):
            width = model.bn.running_mean.numel()
            model.bn.running_mean.copy_(torch.from_numpy(0.1 * rng.standard_normal(width)).to(dtype))
            model.bn.running_var.copy_(torch.from_numpy(rng.uniform(2.8, 3.5, width)).to(dtype))
            model.bn.num_batches_tracked.fill_(1000)


def as_image(pixels):
    """[height, width, 3] bytes -> [1, 3, height, width] in -1...1, each step rounded to f32."""
    return torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 255 * 2 - 1


def scaled(config, mean):
    """A raw latent in the space of the diffusion model that the configuration belongs to."""
    factor = config.scaling_factor
    if config.get("latents_mean") is not None:
        shape = (1, -1, 1, 1)
        offset = torch.tensor(config.latents_mean).view(shape)
        deviation = torch.tensor(config.latents_std).view(shape)
        return (mean - offset) * factor / deviation
    return (mean - (config.get("shift_factor") or 0)) * factor


def packed(model, mean):
    """FLUX.2: 2x2 patches to channels (channel, row, column), then the batch-norm of the configuration."""
    _, channels, height, width = mean.shape
    patches = mean.view(1, channels, height // 2, 2, width // 2, 2).permute(0, 1, 3, 5, 2, 4)
    patches = patches.reshape(1, channels * 4, height // 2, width // 2)
    shape = (1, -1, 1, 1)
    deviation = torch.sqrt(model.bn.running_var.view(shape) + model.config.batch_norm_eps)
    return (patches - model.bn.running_mean.view(shape)) / deviation


def run(model, image, latent_in=None):
    """Everything that diffusers computes from one picture, by tensor name."""
    tensors = {"image": image}
    if isinstance(model, AutoencoderTiny):
        latent = tensors["latent"] = model.encode(image).latents
    else:
        posterior = model.encode(image).latent_dist
        tensors["moments"] = posterior.parameters
        latent = posterior.mode()
        tensors["sample_seed_7"] = posterior.sample(generator=torch.Generator("cpu").manual_seed(7))
        if isinstance(model, AutoencoderKLFlux2):
            tensors["packed"] = packed(model, latent)
        else:
            tensors["scaled"] = scaled(model.config, latent)
    if latent_in is not None:
        latent = tensors["latent_in"] = latent_in
    tensors["decoded"] = model.decode(latent).sample
    return tensors


def worst(tensors, exact):
    """The largest relative L2 distance of f32 results from the f64 ones."""
    return max(
        float((tensors[name].double() - exact[name]).norm() / exact[name].norm())
        for name in tensors
        if name in ("moments", "latent", "decoded")
    )


def make(name, model, *, seed, size, dtype=torch.float32, further=(), latent_in=None, adjust=None, check=False):
    """One model folder. `size` and `further` are (height, width); `adjust` edits parameters after they are drawn."""
    folder = MODELS / name
    rng = np.random.default_rng(seed)
    randomise(model, rng, dtype)
    if adjust is not None:
        with torch.no_grad():
            adjust(dict(model.named_parameters()))
    model.to(dtype).save_pretrained(folder)
    model = model.float().eval()

    report = []
    with torch.no_grad():
        for index, (height, width) in enumerate([size, *further]):
            pixels = picture(width, height, seed + index)
            image = as_image(pixels)
            fed = None
            if latent_in is not None and index == 0:
                shape, deviation = latent_in
                fed = torch.from_numpy(deviation * rng.standard_normal(shape)).float()
            tensors = run(model, image, fed)
            suffix = "" if index == 0 else f"-{height}x{width}"
            write_tensors(folder / f"reference{suffix}.safetensors", {k: v.numpy() for k, v in tensors.items()})
            write_png(folder / f"picture{suffix}.png", pixels)
            spread = tensors["decoded"].std().item()
            line = f"{height}x{width} decoded deviation {spread:.2f}"
            if check:
                exact = run(model.double(), image.double(), None if fed is None else fed.double())
                line += f", f32 from f64 {worst(tensors, exact):.1e}"
                model.float()
            report.append(line)
    count = sum(p.numel() for p in model.parameters())
    size_kb = sum(f.stat().st_size for f in folder.iterdir()) / 1000
    print(f"{name}: {count} parameters, {size_kb:.0f} kB; " + "; ".join(report))
    return model


def extreme_log_variances(parameters):
    """Log-variances beyond both ends of the clamp (-30 and 20), in the first two latent channels."""
    half = parameters["quant_conv.bias"].numel() // 2
    parameters["quant_conv.bias"][half] = -33.0
    parameters["quant_conv.bias"][half + 1] = 20.5


def large_means(parameters):
    """Means of 50 against deviations near 1 in front of the norms: a one-pass variance in f32 loses its digits."""
    for name, value in parameters.items():
        if name.endswith(("conv_in.bias", "conv1.bias")):
            value.add_(50.0)


def small_deviations(parameters):
    """Deviations near 0.001 in front of the first norms, so that a wrong epsilon (1e-6 is right) shows."""
    for name, value in parameters.items():
        if ".conv_in." in name:
            value.mul_(0.002)


def make_kl(check):
    make("kl-sd", AutoencoderKL(**blocks((8, 8, 16, 16)), layers_per_block=2, norm_num_groups=8, sample_size=64),
         seed=1, size=(48, 32), further=[(8, 8)], check=check)
    make("kl-sd3", AutoencoderKL(**blocks((8, 8, 12, 16)), layers_per_block=2, norm_num_groups=4, latent_channels=16,
                                 use_quant_conv=False, use_post_quant_conv=False, scaling_factor=1.5305,
                                 shift_factor=0.0609, sample_size=64),
         seed=2, size=(32, 56), dtype=torch.float16, check=check)
    make("kl-no-attention", AutoencoderKL(**blocks((8, 16, 16)), layers_per_block=1, norm_num_groups=8,
                                          mid_block_add_attention=False, scaling_factor=0.08333, sample_size=64),
         seed=3, size=(44, 36), dtype=torch.float16, further=[(45, 51)], check=check)
    make("kl-encoder-quant", AutoencoderKL(**blocks((8, 12)), layers_per_block=3, norm_num_groups=4,
                                           use_post_quant_conv=False, scaling_factor=0.13025, force_upcast=False),
         seed=4, size=(26, 38), dtype=torch.float16, adjust=extreme_log_variances, check=check)
    make("kl-bf16", AutoencoderKL(**blocks((12, 20)), layers_per_block=1, norm_num_groups=4, latent_channels=8),
         seed=5, size=(30, 40), dtype=torch.bfloat16, latent_in=((1, 8, 9, 7), 1.0), check=check)
    make("kl-statistics", AutoencoderKL(**blocks((8, 8, 8, 16)), layers_per_block=1, norm_num_groups=8,
                                        scaling_factor=0.5, latents_mean=(-1.6, 1.9, -1.4, 2.5),
                                        latents_std=(8.5, 5.9, 6.5, 5.2)),
         seed=6, size=(40, 64), dtype=torch.float16, adjust=small_deviations, check=check)
    make("kl-one-level", AutoencoderKL(**blocks((32,)), layers_per_block=1, norm_num_groups=32),
         seed=7, size=(19, 29), dtype=torch.float16, check=check)
    make("kl-every-width", AutoencoderKL(**blocks((4, 6, 10, 14)), layers_per_block=1, norm_num_groups=2,
                                         latent_channels=3, use_quant_conv=False, scaling_factor=0.3611,
                                         shift_factor=0.1159),
         seed=8, size=(24, 72), check=check)
    make("kl-large-mean", AutoencoderKL(**blocks((8, 16)), layers_per_block=1, norm_num_groups=4, latent_channels=4),
         seed=9, size=(34, 46), dtype=torch.float16, adjust=large_means, check=check)
    make("kl-flux2", AutoencoderKLFlux2(**blocks((8, 8, 16, 16)), decoder_block_out_channels=(8, 8, 8, 12),
                                        layers_per_block=1, norm_num_groups=4, latent_channels=8, sample_size=64),
         seed=10, size=(48, 64), dtype=torch.bfloat16, check=check)


def ldm_name(name, levels):
    """The name that the latent-diffusion code base gives to a diffusers tensor."""
    parts = name.split(".")
    half, rest = parts[0], parts[1:]
    if half not in ("encoder", "decoder"):
        return name
    if rest[0] == "conv_norm_out":
        return ".".join([half, "norm_out", *rest[1:]])
    if rest[0] == "mid_block":
        if rest[1] == "resnets":
            return ".".join([half, "mid", f"block_{int(rest[2]) + 1}", *rest[3:]])
        leaf = {"group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out": "proj_out"}[rest[3]]
        return ".".join([half, "mid", "attn_1", leaf, rest[-1]])
    if rest[0] in ("down_blocks", "up_blocks"):
        side = rest[0].removesuffix("_blocks")
        level = int(rest[1]) if side == "down" else levels - 1 - int(rest[1])
        if rest[2] == "resnets":
            leaf = "nin_shortcut" if rest[4] == "conv_shortcut" else rest[4]
            return ".".join([half, side, str(level), "block", rest[3], leaf, rest[5]])
        return ".".join([half, side, str(level), f"{side}sample", "conv", rest[-1]])
    return name


def make_kl_names(check):
    """One model under every naming that checkpoints of this family come in; the tensors' bytes are equal in all."""
    levels = 3
    make("kl-names", AutoencoderKL(**blocks((4, 8, 8)), layers_per_block=1, norm_num_groups=4), seed=11, size=(20, 28),
         dtype=torch.float16, check=check)
    folder = MODELS / "kl-names"
    plain = load_file(folder / WEIGHTS)

    def attention_as_convolution(name, value):
        return value[:, :, None, None] if ".attentions." in name and value.ndim == 2 else value

    ldm = {ldm_name(n, levels): attention_as_convolution(n, v).contiguous() for n, v in plain.items()}
    save_file(ldm, folder / "ldm.safetensors")
    prefixed = {f"first_stage_model.{n}": v for n, v in ldm.items()}
    prefixed["first_stage_model.loss.logvar"] = torch.zeros(())
    prefixed["model_ema.decay"] = torch.full((), 0.9999)
    prefixed["encoder.conv_in.weight"] = torch.zeros(2, 2)  # a decoy: the prefixed tensors are the model
    save_file(prefixed, folder / "first-stage-model.safetensors")
    inside = {n.replace("quant_conv", "encoder.quant_conv") if n.startswith("quant") else
              n.replace("post_quant_conv", "decoder.post_quant_conv"): v for n, v in ldm.items()}
    save_file(inside, folder / "quant-inside.safetensors")
    save_file({f"vae.{n}": v for n, v in plain.items()}, folder / "vae-prefix.safetensors")

    old = MODELS / "kl-names-old-diffusers"
    old.mkdir(parents=True, exist_ok=True)
    words = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}

    def old_name(name):
        for new, word in words.items():
            name = name.replace(f".attentions.0.{new}.", f".attentions.0.{word}.")
        return name

    save_file({old_name(n): v for n, v in plain.items()}, old / WEIGHTS)
    config = json.loads((folder / "config.json").read_text())
    kept = ("_class_name", "act_fn", "block_out_channels", "down_block_types", "in_channels", "latent_channels",
            "layers_per_block", "norm_num_groups", "out_channels", "sample_size", "up_block_types")
    config = {k: config[k] for k in kept} | {"_diffusers_version": "0.2.2"}
    (old / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    print(f"{old.name}: kl-names with the attention names and the configuration keys of early diffusers")


def make_tiny(check):
    width = (10,) * 4
    tiny = AutoencoderTiny(encoder_block_out_channels=width, decoder_block_out_channels=width)
    make("tiny", tiny, seed=20, size=(40, 56), dtype=torch.float16, latent_in=((1, 4, 6, 5), 2.5), check=check)
    make("tiny-16", AutoencoderTiny(encoder_block_out_channels=(8,) * 4, decoder_block_out_channels=(12,) * 4,
                                    latent_channels=16),
         seed=21, size=(45, 51), further=[(1, 1)], check=check)

    # The same weights as `tiny`, named as the original project names them: bare indices, its clamp counted as layer 0.
    plain = load_file(MODELS / "tiny" / WEIGHTS)
    encoder, decoder = {}, {}
    for name, value in plain.items():
        half, _, index, rest = name.split(".", 3)
        if half == "encoder":
            encoder[f"{index}.{rest}"] = value
        else:
            decoder[f"{int(index) + 1}.{rest}"] = value
    halves = MODELS / "tiny-halves"
    halves.mkdir(parents=True, exist_ok=True)
    save_file(encoder, halves / "taesd_encoder.safetensors")
    save_file(decoder, halves / "taesd_decoder.safetensors")
    one_file = {f"taesd_encoder.{n}": v for n, v in encoder.items()} | {f"taesd_decoder.{n}": v for n, v in decoder.items()}
    one_file |= {"vae_scale": torch.ones(()), "vae_shift": torch.zeros(())}
    repack = MODELS / "tiny-one-file"
    repack.mkdir(parents=True, exist_ok=True)
    save_file(one_file, repack / "taesd.safetensors")
    print("tiny-halves, tiny-one-file: the tensors of tiny under the original names")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="also compute in f64 and print the distance")
    arguments = parser.parse_args()
    logging.set_verbosity_error()
    torch.set_num_threads(1)  # one order of summation
    torch.manual_seed(0)  # the constructors draw weights that are then replaced
    shutil.rmtree(MODELS, ignore_errors=True)
    make_kl(arguments.check)
    make_kl_names(arguments.check)
    make_tiny(arguments.check)
    total = sum(f.stat().st_size for f in MODELS.rglob("*") if f.is_file())
    print(f"total {total / 1e6:.2f} MB")
