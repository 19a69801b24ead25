"""Prints the model card's tables, as Markdown: a model on pictures that it never saw, beside its teacher.

Four ways through the two autoencoders are measured: each whole, and the encoder of one with the decoder of the other,
which tells how well their latents agree. Sides that are no multiples of 8 are cut.
"""
import argparse

import torch
from diffusers import AutoencoderKL

import metrics
import teacher
from pictures import normalised, read_folders


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", nargs="+", required=True, help="folders of pictures, such as Kodak's 24")
    parser.add_argument("--model", required=True, help="diffusers folder")
    parser.add_argument("--teacher-encoder", required=True, help="TAESD's encoder, a safetensors file")
    parser.add_argument("--teacher-decoder", required=True, help="TAESD's decoder, a safetensors file")
    return parser.parse_args()


class Ways:
    """The encoders and decoders; scaled latents and pictures of -1...1 go between them."""

    def __init__(self, options):
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = AutoencoderKL.from_pretrained(options.model, torch_dtype=torch.float32).to(self.device).eval()
        self.scale = self.model.config.scaling_factor
        self.teacher_encoder = teacher.encoder(options.teacher_encoder).to(self.device)
        self.teacher_decoder = teacher.decoder(options.teacher_decoder).to(self.device)

    @torch.no_grad()
    def pictures(self, picture):
        """What each way makes of a picture [1, 3, height, width] of -1...1: name to pixels of 0...255."""
        picture = picture.to(self.device)
        own = self.model.encode(picture).latent_dist.mean * self.scale
        taught = self.teacher_encoder(picture / 2 + 0.5)
        results = {
            "this model": self.model.decode(own / self.scale).sample,
            "TAESD": self.teacher_decoder(taught) * 2 - 1,
            "this encoder, TAESD's decoder": self.teacher_decoder(own) * 2 - 1,
            "TAESD's encoder, this decoder": self.model.decode(taught / self.scale).sample,
        }
        return {name: (pixels.clamp(-1, 1) * 127.5 + 127.5).round().cpu() for name, pixels in results.items()}


def measured(pixels, original):
    return {
        "psnr": metrics.psnr(pixels, original),
        "ssim": metrics.ssim(pixels, original, span=255).item(),
        "ms_ssim": metrics.ms_ssim(pixels, original, span=255).item(),
    }


def mean(rows, key):
    return sum(row[key] for row in rows.values()) / len(rows)


def main():
    options = arguments()
    ways = Ways(options)
    results = {}
    for path, pixels in read_folders(options.pictures):
        height, width = (side - side % 8 for side in pixels.shape[1:])
        pixels = pixels[None, :, :height, :width]
        for way, decoded in ways.pictures(normalised(pixels)).items():
            results.setdefault(way, {})[path.stem] = measured(decoded, pixels.float())
    print("| | PSNR mean | worst | best | SSIM | MS-SSIM |\n|---|---|---|---|---|---|")
    for way, rows in results.items():
        by_psnr = sorted(rows, key=lambda name: rows[name]["psnr"])
        worst, best = (f"{rows[name]['psnr']:.2f} ({name})" for name in (by_psnr[0], by_psnr[-1]))
        means = f"{mean(rows, 'psnr'):.2f} | {worst} | {best} | {mean(rows, 'ssim'):.3f} | {mean(rows, 'ms_ssim'):.3f}"
        print(f"| {way} | {means} |")


if __name__ == "__main__":
    main()
