#!/usr/bin/env python3
"""Write Fixtures/pictures: one small file of every PNG and JPEG kind, and what each decodes to.

usage: make_picture_fixtures.py [OUT_DIR]      (needs Pillow and numpy)

pictures.tsv has a line a file: name, width, height, bit depth, orientation, then the samples of the
colour [height, width, 3] and, if there is one, of the alpha plane [height, width], in hexadecimal.
PNG files are written here, bit by bit, and their samples computed from the values written; JPEG
files are written by Pillow, and their samples are what Pillow decodes.
"""

import io
import pathlib
import struct
import sys
import zlib

import numpy as np
from PIL import Image, ImageOps

SIZE = (13, 11)  # width, height: no multiple of 8, and larger than an Adam7 block
ADAM7 = [  # x, y, step in x, step in y
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
    (0, 1, 1, 2),
]
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
ORIENTATION_TAG = 0x112


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed_rows(values: np.ndarray, depth: int) -> bytes:
    """Rows of `values` [height, width, channels], each behind a filter byte of 0."""
    out = b""
    for row in values.reshape(values.shape[0], -1):
        if depth == 16:
            data = row.astype(">u2").tobytes()
        else:
            bits = (row[:, None] >> np.arange(depth - 1, -1, -1)) & 1
            data = np.packbits(bits.astype(np.uint8).ravel()).tobytes()
        out += b"\0" + data
    return out


def png_file(values, color_type, depth, interlaced=False, before_idat=b""):
    height, width = values.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, int(interlaced))
    if interlaced:
        passes = [values[y::dy, x::dx] for x, y, dx, dy in ADAM7]
        raw = b"".join(packed_rows(p, depth) for p in passes if p.size)
    else:
        raw = packed_rows(values, depth)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before_idat
        + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")
    )


def pattern(channels: int, depth: int) -> np.ndarray:
    """Values that reach both ends of the scale and differ between channels."""
    width, height = SIZE
    y, x, c = np.mgrid[0:height, 0:width, 0:channels]
    full = (1 << depth) - 1
    values = (x * 7919 + y * 104729 + c * 15485863 + x * y * 31) % (full + 1)
    values[0, 0], values[0, 1] = 0, full
    return values


def expected_png(values, color_type, depth, palette, key, palette_alpha):
    """Colour and alpha that a reader makes of `values`."""
    if color_type == 3:
        alpha = None
        if palette_alpha is not None:
            alpha = np.full(256, 255)
            alpha[: len(palette_alpha)] = palette_alpha
            alpha = alpha[values[..., 0]]
        return palette[values[..., 0]], alpha, 8
    scale = 1 if depth == 16 else 255 // ((1 << depth) - 1)
    colors = values[..., : 3 if color_type in (2, 6) else 1]
    alpha = values[..., -1] if color_type in (4, 6) else None
    if key is not None:
        full = 65535 if depth == 16 else 255
        alpha = np.where((colors == key).all(axis=-1), 0, full)
    color = np.broadcast_to(colors * scale, (*colors.shape[:2], 3))
    return color, alpha, 16 if depth == 16 else 8


def png_kinds():
    """Name, file, colour, alpha and depth of every PNG kind."""
    depths = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
    names = {0: "grey", 2: "rgb", 3: "palette", 4: "grey_alpha", 6: "rgba"}
    for color_type, choices in depths.items():
        for depth in choices:
            values = pattern(CHANNELS[color_type], depth)
            count = 1 << depth
            index = np.arange(count)[:, None]
            palette = (index * [37, 101, 197] + [11, 5, 250]) % 256 if color_type == 3 else None
            plte = chunk(b"PLTE", palette.astype(np.uint8).tobytes()) if color_type == 3 else b""
            kinds = [("", False, b"", None, None), ("_interlaced", True, b"", None, None)]
            if color_type in (0, 2):
                key = values[3, 4]
                trns = chunk(b"tRNS", key.astype(">u2").tobytes())
                kinds.append(("_key", False, trns, key, None))
            if color_type == 3:
                # Shorter than the palette: the other entries are opaque.
                alphas = [0, 77, 200, 128][: count - 1]
                kinds.append(("_trns", False, chunk(b"tRNS", bytes(alphas)), None, alphas))
            for suffix, interlaced, trns, key, alphas in kinds:
                data = png_file(values, color_type, depth, interlaced, plte + trns)
                wanted = expected_png(values, color_type, depth, palette, key, alphas)
                yield f"{names[color_type]}{depth}{suffix}.png", data, *wanted


def photo() -> Image.Image:
    """A picture with edges and gradients in all channels."""
    width, height = SIZE
    y, x = np.mgrid[0:height, 0:width]
    planes = [x * 19, y * 23, 255 - (x + y) * 10]
    values = np.stack(planes, axis=-1)
    values[3:6, 4:9] = [240, 30, 60]
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def jpeg(image: Image.Image, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, **options)
    return out.getvalue()


def without_segment(data: bytes, marker: int) -> bytes:
    start = data.index(bytes([0xFF, marker]))
    length = struct.unpack(">H", data[start + 2 : start + 4])[0]
    return data[:start] + data[start + 2 + length :]


def jpeg_kinds():
    """Name, file and colour of every JPEG kind."""
    image = photo()
    cmyk = jpeg(image.convert("CMYK"))
    adobe = cmyk.index(b"Adobe")
    files = {
        "grey": jpeg(image.convert("L")),
        "grey_progressive": jpeg(image.convert("L"), progressive=True),
        "ycc_444": jpeg(image, subsampling=0),
        "ycc_422": jpeg(image, subsampling=1),
        "ycc_420": jpeg(image, subsampling=2),
        "ycc_444_progressive": jpeg(image, subsampling=0, progressive=True),
        "ycc_420_progressive": jpeg(image, subsampling=2, progressive=True),
        "ycc_restart": jpeg(image, restart_marker_blocks=1),
        "rgb": jpeg(image, keep_rgb=True),
        "cmyk_adobe": cmyk,
        # The transform byte says YCCK: other colours, but a good file.
        "ycck_adobe": cmyk[: adobe + 11] + b"\2" + cmyk[adobe + 12 :],
        "cmyk_plain": without_segment(cmyk, 0xEE),
    }
    for name, data in files.items():
        decoded = Image.open(io.BytesIO(data))
        if name == "cmyk_plain":
            # Pillow takes every CMYK file for an inverted one; without the marker it is not.
            paper = np.asarray(decoded).astype(int)
            color = np.floor(paper[..., :3] * paper[..., 3:] / 255 + 0.5).astype(int)
        elif decoded.mode == "CMYK":
            paper = 255 - np.asarray(decoded).astype(int)
            color = np.floor(paper[..., :3] * paper[..., 3:] / 255 + 0.5).astype(int)
        else:
            color = np.asarray(decoded.convert("RGB"))
        yield f"{name}.jpg", data, color


def oriented_kinds():
    """Name, file, colour and orientation of pictures that are to be turned."""
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[ORIENTATION_TAG] = orientation
        data = jpeg(photo(), exif=exif)
        turned = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
        yield f"orientation_{orientation}.jpg", data, np.asarray(turned), orientation
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = 6
    out = io.BytesIO()
    photo().save(out, "PNG", exif=exif)
    turned = photo().transpose(Image.Transpose.ROTATE_270)
    yield "orientation_6.png", out.getvalue(), np.asarray(turned), 6


def main() -> None:
    default = pathlib.Path(__file__).resolve().parents[2] / "Fixtures" / "pictures"
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    target.mkdir(parents=True, exist_ok=True)
    lines = ["name\twidth\theight\tdepth\torientation\tcolor\talpha"]

    def add(name, data, color, alpha=None, depth=8, orientation=1):
        (target / name).write_bytes(data)
        kind = ">u2" if depth == 16 else "u1"
        planes = [np.asarray(p).astype(kind).tobytes().hex()
                  for p in (color, alpha) if p is not None]
        height, width = color.shape[:2]
        numbers = [str(n) for n in (width, height, depth, orientation)]
        lines.append("\t".join([name, *numbers, *planes]))

    for entry in png_kinds():
        add(*entry)
    for entry in jpeg_kinds():
        add(*entry)
    for name, data, color, orientation in oriented_kinds():
        add(name, data, color, orientation=orientation)
    (target / "pictures.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
