#!/usr/bin/env python3
"""Draw a picture that is hard for a small latent: Fixtures/hard.jpg.

On a tartan cloth lie a timetable in print of several sizes, a card with a star and a wedge of lines that converge, a
photograph of a meadow and a ruler. Everything follows from the code below, one seed and the font inside Pillow.
"""
import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from common import FIXTURES

WIDTH, HEIGHT = 768, 512
SCALE = 4  # what is drawn is drawn this much larger, and then averaged
INK = (38, 36, 44)
RNG = np.random.default_rng(7)


def tartan():
    """Threads of three pixels in twill: over two, under two, their colours in stripes."""
    stripes = [((34, 52, 86), 46), ((24, 78, 70), 22), ((196, 170, 96), 3), ((24, 78, 70), 22), ((34, 52, 86), 46),
               ((120, 34, 44), 26), ((222, 214, 198), 4), ((120, 34, 44), 26)]
    colours = np.concatenate([np.tile(colour, (width, 1)) for colour, width in stripes]).astype(float)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    thread_x, thread_y = x // 3, y // 3
    over = (thread_x + thread_y) % 4 < 2
    across = np.where(over, y, x) % 3 - 1
    along = np.where(over, x, y) % 6 / 6
    colour = np.where(over[..., None], colours[thread_y * 3 % len(colours)], colours[(thread_x * 3 + 60) % len(colours)])
    light = 1.08 - 0.24 * across**2 + 0.1 * np.sin(2 * np.pi * along)
    fibre = 1 + 0.09 * RNG.standard_normal((HEIGHT, WIDTH))
    fold = 1 + 0.07 * np.sin(x / 97 + y / 160) + 0.05 * np.sin(y / 61 - x / 210)
    return Image.fromarray(np.clip(colour * (light * fibre * fold)[..., None], 0, 255).astype(np.uint8))


def sheet(width, height, colour=(246, 243, 234)):
    picture = Image.new("RGB", (width * SCALE, height * SCALE), colour)
    return picture, ImageDraw.Draw(picture)


def write(draw, x, y, text, size, fill=INK, anchor="ls"):
    draw.text((x * SCALE, y * SCALE), text, font=ImageFont.load_default(size * SCALE), fill=fill, anchor=anchor)


def rule(draw, x0, y0, x1, y1, width=0.8, fill=INK):
    draw.line([x0 * SCALE, y0 * SCALE, x1 * SCALE, y1 * SCALE], fill=fill, width=round(width * SCALE))


TRAINS = [("06:12", "Amberley", "2", "on time"), ("06:38", "Kingsferry", "11", "on time"), ("07:05", "Quillon Bay", "4", "3 min"),
          ("07:19", "Vexford", "7", "on time"), ("08:46", "St Oswin", "1", "on time"), ("09:30", "Jarrow Wye", "9", "12 min")]
NOTES = ["Trains marked with a delay leave from the same platform. Seats in",
         "coaches 3 to 8 can be booked until 18:45 on the day before."]
FINE = ["Valid from 14 December to 9 June, not on 25 and 26 December. Bicycles by",
        "reservation only, 6.50 each way. Lost property: window 27, 08:30 to 17:15."]


def timetable():
    picture, draw = sheet(404, 440)
    write(draw, 26, 64, "Departures", 46, (150, 30, 36))
    write(draw, 28, 88, "Northern Main Line, Monday to Friday", 16)
    rule(draw, 26, 100, 378, 100, 2)
    for x, title in zip((28, 112, 270, 318), ("time", "to", "pl.", "remarks")):
        write(draw, x, 117, title, 12, (110, 106, 112))
    for index, (time, place, platform, remark) in enumerate(TRAINS):
        y = 146 + 31 * index
        write(draw, 28, y, time, 23)
        write(draw, 112, y, place, 23)
        write(draw, 284, y, platform, 19, anchor="ms")
        write(draw, 318, y, remark, 14, (20, 110, 70) if remark == "on time" else (176, 60, 20))
        rule(draw, 26, y + 9, 378, y + 9, 0.6, (150, 146, 150))
    for index, line in enumerate(NOTES):
        write(draw, 28, 336 + 16 * index, line, 11.5)
    for index, line in enumerate(FINE):
        write(draw, 28, 374 + 12 * index, line, 8.5, (70, 68, 76))
    for index, size in enumerate((7, 6, 5)):
        write(draw, 28, 406 + 9 * index, "Printed on recycled paper. No 0417-B, sheet 3 of 8. Keep this side up.", size)
    bars = RNG.integers(1, 4, 40)
    for index in range(0, 40, 2):
        left = 290 + bars[:index].sum()
        draw.rectangle([left * SCALE, 402 * SCALE, (left + bars[index]) * SCALE - 1, 426 * SCALE], fill=INK)
    return picture


def test_card():
    """A star of 36 rays, a wedge of nine lines, and gratings of 2 to 6 pixels a period."""
    picture, draw = sheet(262, 196, (240, 240, 238))
    draw.rectangle([0, 0, 262 * SCALE - 1, 196 * SCALE - 1], outline=(120, 120, 120), width=SCALE)
    box = [18 * SCALE, 18 * SCALE, 138 * SCALE, 138 * SCALE]
    for ray in range(36):
        draw.pieslice(box, ray * 10, ray * 10 + 5, fill=INK)
    for line in range(9):
        offset = line - 4
        top, foot = 205 + 8.4 * offset, 205 + 1.9 * offset
        half_top, half_foot = 2.1, 0.475
        draw.polygon([(x * SCALE, y * SCALE) for x, y in
                      [(top - half_top, 18), (top + half_top, 18), (foot + half_foot, 138), (foot - half_foot, 138)]], fill=INK)
    left = 18
    for period in (6, 5, 4, 3, 2):
        for start in range(0, 36, period):
            draw.rectangle([(left + start) * SCALE, 150 * SCALE, (left + start + period / 2) * SCALE - 1, 168 * SCALE], fill=INK)
        write(draw, left + 17, 182, f"{period}", 10, anchor="ms")
        left += 47
    return picture


def meadow():
    """Blades of grass from the back to the front, with poppies and daisies among them."""
    picture, draw = sheet(276, 196, (196, 216, 222))
    wide, high = 276 * SCALE, 196 * SCALE
    for y in range(high // 2):
        blend = y / (high // 2)
        draw.line([0, y, wide, y], fill=tuple(int(a + (b - a) * blend) for a, b in zip((150, 190, 222), (226, 232, 218))))
    draw.rectangle([0, high * 0.42, wide, high], fill=(52, 84, 38))
    for depth in np.linspace(0, 1, 2600):
        x = RNG.uniform(-0.05, 1.05) * wide
        foot = (0.44 + 0.62 * depth) * high
        length = (0.07 + 0.24 * depth) * high * RNG.uniform(0.6, 1.2)
        lean = RNG.normal(0.1, 0.28) * length
        green = np.array([70, 118, 44]) * RNG.uniform(0.5, 1.5) + np.array([34, 26, 0]) * RNG.uniform(0, 1.6)
        fill = tuple(int(min(c, 255)) for c in green)
        points = [(x + lean * t * t, foot - length * t) for t in (0, 0.3, 0.6, 0.85, 1)]
        for index, (a, b) in enumerate(zip(points, points[1:])):
            draw.line([a, b], fill=fill, width=max(1, round((1.1 + 1.9 * depth) * SCALE * (1 - index / 4.5) * 0.62)))
        if RNG.uniform() < 0.035:
            radius = (0.008 + 0.02 * depth) * high * RNG.uniform(0.7, 1.1)
            colour = [(206, 44, 34), (250, 248, 240), (206, 44, 34), (240, 200, 60)][RNG.integers(4)]
            cx, cy = points[-1]
            draw.ellipse([cx - radius, cy - radius * 0.8, cx + radius, cy + radius * 0.8], fill=colour)
            draw.ellipse([cx - radius / 3, cy - radius / 3, cx + radius / 3, cy + radius / 3], fill=(60, 44, 24))
    frame, draw = sheet(296, 216, (250, 249, 246))
    frame.paste(picture, (10 * SCALE, 10 * SCALE))
    return frame


def ruler():
    picture, draw = sheet(300, 34, (226, 190, 110))
    for tick in range(0, 99):
        length = 15 if tick % 10 == 0 else 11 if tick % 5 == 0 else 7
        rule(draw, 4 + 3 * tick, 0, 4 + 3 * tick, length, 0.75, (60, 40, 20))
        if tick % 10 == 0 and tick:
            write(draw, 4 + 3 * tick, 28, str(tick // 10), 12, (60, 40, 20), "ms")
    return picture


def lay(table, picture, centre, angle):
    """Put a thing on the table, turned and with its shadow."""
    mask = Image.new("L", picture.size, 255)
    canvas_size = (WIDTH * SCALE, HEIGHT * SCALE)
    place = tuple(round(c * SCALE) for c in centre)

    def placed(layer, fill):
        turned = layer.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=0)
        canvas = Image.new(layer.mode, canvas_size, fill)
        canvas.paste(turned, (place[0] - turned.width // 2, place[1] - turned.height // 2))
        return canvas.resize((WIDTH, HEIGHT), Image.Resampling.BOX)

    cover = placed(mask, 0)
    shadow = Image.new("L", cover.size, 0)
    shadow.paste(cover, (3, 4))
    shadow = shadow.filter(ImageFilter.GaussianBlur(5)).point(lambda value: value * 6 // 10)
    table.paste((8, 8, 12), mask=shadow)
    covered = np.asarray(placed(picture, (0, 0, 0))).astype(float)
    weight = np.asarray(cover).astype(float)[..., None] / 255
    # The turned layer is black beyond its edges, so it is weighted by its cover already.
    mixed = np.asarray(table) * (1 - weight) + covered
    return Image.fromarray(np.clip(np.rint(mixed), 0, 255).astype(np.uint8))


def still_life():
    table = tartan()
    table = lay(table, meadow(), (588, 372), 3.5)
    table = lay(table, test_card(), (596, 132), -2.5)
    table = lay(table, timetable(), (228, 250), 1.2)
    return lay(table, ruler(), (588, 488), -0.8)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=FIXTURES, help="folder to write to")
    arguments = parser.parse_args()
    still_life().save(arguments.output / "hard.jpg", quality=70, optimize=True)
