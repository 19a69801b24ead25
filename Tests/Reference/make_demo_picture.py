#!/usr/bin/env python3
"""Render the project's own pictures: Fixtures/demo.png, demo.jpg (the same, quality 92) and demo-alpha.png.

demo.png is a still life by a window, path-traced with numpy: fruit, a glazed vase, a glass marble and a linen cloth on a
wooden table, a garden out of focus behind. demo-alpha.png is a glass marble with its shadow on transparency. Everything
follows from the formulas below and one seed; `--samples` and `--scale` make a quick draft.
"""
import argparse
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from PIL import Image

from common import FIXTURES, write_png
from demo_marble import marble
from demo_materials import materials
from demo_shapes import F, GLASS, GLASS_AT, GLASS_RADIUS, column, dot, mix, normalised, smoothstep, surface_normal, trace

WIDTH, HEIGHT = 768, 512

# The window: a rectangle of two by two panes to the upper left, the only strong light.
WINDOW_AT = np.array([-4.6, 3.9, -1.7], F)
WINDOW_U = np.array([0.45, 0.0, 1.35], F)  # half extent along its width
WINDOW_V = np.array([0.62, 1.30, -0.21], F)  # half extent along its height
WINDOW_LIGHT = np.array([26.0, 23.2, 18.8], F)
MULLION = F(0.07)
AMBIENT = np.array([0.115, 0.12, 0.14], F)

GARDEN_SIZE = (720, 1200)
GARDEN_SPAN_Y, GARDEN_SPAN_X = (-0.5, 1.0), (-1.25, 1.25)


def make_garden(rng):
    """What lies behind the table, already out of focus: leaves and light as soft discs, over slopes of green."""
    rows, columns = GARDEN_SIZE
    y = np.linspace(*GARDEN_SPAN_Y, rows)[:, None]
    x = np.linspace(*GARDEN_SPAN_X, columns)[None, :]
    t = smoothstep(-0.22, 0.16, y)[..., None]
    picture = mix(np.array([0.020, 0.034, 0.024]), np.array([0.15, 0.21, 0.07]), t) * np.ones((rows, columns, 1))
    glow = np.exp(-(((x - 0.13) / 0.20) ** 2 + ((y - 0.02) / 0.13) ** 2))[..., None]
    picture = picture + glow * np.array([0.62, 0.50, 0.20])
    for i in range(520):
        near_axis = i % 2 == 1  # the part that the camera sees, between the table's end and the picture's top
        cx = rng.uniform(-0.42, 0.42) if near_axis else rng.uniform(-1.2, 1.2)
        cy = rng.uniform(-0.17, 0.12) if near_axis else rng.uniform(-0.15, 0.75)
        radius = rng.uniform(0.014, 0.034) if near_axis else rng.uniform(0.03, 0.07)
        shade = rng.uniform()
        if shade < 0.50:
            colour = np.array([0.035, 0.085, 0.03]) * rng.uniform(0.3, 2.0)
        elif shade < 0.86:
            colour = np.array([0.36, 0.50, 0.08]) * rng.uniform(0.3, 1.2)
        else:
            colour = np.array([1.7, 1.25, 0.48]) * rng.uniform(0.6, 1.5)
        distance = np.sqrt((x - cx) ** 2 + (y - cy) ** 2) / radius
        rim = 0.82 + 0.18 * smoothstep(0.6, 1.0, distance)
        cover = (smoothstep(1.08, 0.94, distance) * rim * rng.uniform(0.18, 0.5))[..., None]
        picture = mix(picture, colour, cover)
    return picture.astype(F)


GARDEN = make_garden(np.random.default_rng(20))


def surroundings(direction):
    """Light from where no object is: the garden in front of the camera, a dim warm room behind it."""
    x, y, z = direction
    up = np.clip(y * F(0.5) + F(0.5), 0, 1)
    room = mix(column([0.07, 0.055, 0.045]), column([0.21, 0.21, 0.22]), up)
    front = z > F(0.15)
    depth = np.where(front, z, 1)
    row = (y / depth - F(GARDEN_SPAN_Y[0])) / F(GARDEN_SPAN_Y[1] - GARDEN_SPAN_Y[0]) * (GARDEN_SIZE[0] - 1)
    place = (x / depth - F(GARDEN_SPAN_X[0])) / F(GARDEN_SPAN_X[1] - GARDEN_SPAN_X[0]) * (GARDEN_SIZE[1] - 1)
    row, place = np.clip(row, 0, GARDEN_SIZE[0] - 1.001), np.clip(place, 0, GARDEN_SIZE[1] - 1.001)
    i, j = row.astype(int), place.astype(int)
    a, b = (row - i)[:, None].astype(F), (place - j)[:, None].astype(F)
    garden = mix(mix(GARDEN[i, j], GARDEN[i, j + 1], b), mix(GARDEN[i + 1, j], GARDEN[i + 1, j + 1], b), a).T
    return mix(room, garden, smoothstep(0.15, 0.45, z))


WINDOW_CROSS = np.cross(WINDOW_U, WINDOW_V)
WINDOW_NORMAL = (WINDOW_CROSS / np.sqrt(WINDOW_CROSS @ WINDOW_CROSS)).astype(F)
WINDOW_NORMAL = WINDOW_NORMAL * np.sign(WINDOW_NORMAL @ -WINDOW_AT).astype(F)
WINDOW_AREA = F(4 * np.sqrt(WINDOW_CROSS @ WINDOW_CROSS))


def window_seen(origin, direction, t):
    """How much of the window's light a ray meets before distance `t`."""
    facing = WINDOW_NORMAL @ direction
    with np.errstate(divide="ignore", invalid="ignore"):
        at = (WINDOW_NORMAL @ (column(WINDOW_AT) - origin)) / facing
        q = origin + direction * at - column(WINDOW_AT)
        u = (WINDOW_U @ q) / (WINDOW_U @ WINDOW_U)
        v = (WINDOW_V @ q) / (WINDOW_V @ WINDOW_V)
    pane = (np.abs(u) < 1) & (np.abs(v) < 1) & (np.abs(u) > MULLION) & (np.abs(v) > MULLION)
    return ((at > 0) & (at < t) & pane).astype(F)


def direct(p, n, wrap, sample):
    """Light straight from the window, per unit of diffuse colour, with soft shadows."""
    u, v = sample[0] * 2 - 1, sample[1] * 2 - 1
    u = np.sign(u) * (MULLION + (1 - MULLION) * np.abs(u))
    v = np.sign(v) * (MULLION + (1 - MULLION) * np.abs(v))
    to = column(WINDOW_AT) + column(WINDOW_U) * u + column(WINDOW_V) * v - p
    distance = np.sqrt(dot(to, to))
    to = to / distance
    cosine = np.maximum((dot(n, to) + wrap) / (1 + wrap), 0)
    lit = np.flatnonzero(cosine > 0)
    seen = np.zeros(cosine.shape, F)
    if lit.size:
        o = p[:, lit] + n[:, lit] * F(4e-3)
        _, blocker = trace(o, to[:, lit], distance[lit], with_glass=False)
        open_way = (blocker < 0).astype(F)
        # The marble gathers the light: dark towards its rim, bright in the middle of its shadow.
        offset = column(GLASS_AT) - o
        along = dot(offset, to[:, lit])
        miss = np.sqrt(np.maximum(dot(offset, offset) - along * along, 0)) / GLASS_RADIUS
        through = F(0.30) + F(1.75) * smoothstep(0.62, 0.12, miss)
        seen[lit] = open_way * np.where((miss < 1) & (along > 0), mix(through, F(1), smoothstep(0.92, 1.0, miss)), 1)
    fall = np.maximum(-(WINDOW_NORMAL @ to), 0) * WINDOW_AREA / (distance * distance) / F(np.pi)
    return column(WINDOW_LIGHT) * (cosine * fall * seen)


def around(n, first, second, sharpness):
    """Directions about `n`: cosine-weighted for sharpness 1, a narrow lobe for large values."""
    turn = first * F(2 * np.pi)
    cosine = np.power(1 - second * F(0.999), 1 / (1 + sharpness))
    sine = np.sqrt(np.maximum(1 - cosine * cosine, 0))
    helper = np.where(np.abs(n[1]) > F(0.9), column([1, 0, 0]), column([0, 1, 0]))
    tangent = normalised(np.cross(helper, n, axis=0).astype(F))
    other = np.cross(n, tangent, axis=0)
    return tangent * (np.cos(turn) * sine) + other * (np.sin(turn) * sine) + n * cosine


def radiance(origin, direction, sample, depth, see_window=True):
    """Light that arrives along rays; `sample` holds the random numbers of this level and the next."""
    t, thing = trace(origin, direction, F(60))
    light = surroundings(direction)
    if see_window:
        light = light + column(WINDOW_LIGHT) * F(0.55) * window_seen(origin, direction, t) * (thing < 0)
    glass = np.flatnonzero(thing == GLASS)
    if glass.size:
        light[:, glass] = through_glass(origin[:, glass], direction[:, glass], t[glass], sample[:, glass], depth)
    solid = np.flatnonzero((thing >= 0) & (thing != GLASS))
    if solid.size:
        light[:, solid] = shaded(origin[:, solid], direction[:, solid], t[solid], thing[solid], sample[:, solid], depth)
    return light


def shaded(origin, direction, t, thing, sample, depth):
    p = origin + direction * t
    flat = surface_normal(p, thing)
    flat = np.where(dot(flat, direction) > 0, -flat, flat)
    colour, n, f0, rough, wrap = materials(p, flat, thing)
    received = direct(p, n, wrap, sample[0:2])
    start = p + flat * F(4e-3)
    if depth > 0:
        return colour * (received + column(AMBIENT) * (F(0.55) + F(0.45) * n[1]))
    bounce = around(n, sample[2], sample[3], F(1))
    received = received + radiance(start, bounce, sample[4:], 1, see_window=False)
    light = colour * received

    facing = np.clip(-dot(n, direction), 0, 1)
    mirror = direction + n * (2 * facing)
    mirror = around(normalised(mirror), sample[4], sample[5], 2 / np.maximum(rough, F(0.01)) ** 2)
    fresnel = f0 + (np.maximum(1 - rough, f0) - f0) * (1 - facing) ** 5 * (f0 > 0)
    shiny = np.flatnonzero((fresnel > F(0.002)) & (dot(mirror, flat) > 0))
    if shiny.size:
        reflected = radiance(start[:, shiny], mirror[:, shiny], sample[6:, shiny], 1)
        light[:, shiny] = light[:, shiny] * (1 - fresnel[shiny]) + reflected * fresnel[shiny]
    return light


def refracted(direction, n, ratio):
    cosine = -dot(direction, n)
    inner = np.sqrt(np.maximum(1 - ratio * ratio * (1 - cosine * cosine), 0))
    return normalised(direction * ratio + n * (ratio * cosine - inner))


def through_glass(origin, direction, t, sample, depth):
    """A solid glass ball: two refractions and one reflection."""
    p = origin + direction * t
    n = normalised(p - column(GLASS_AT))
    cosine = np.clip(-dot(n, direction), 0, 1)
    inside = refracted(direction, n, F(1 / 1.5))
    chord = -2 * dot(inside, n) * GLASS_RADIUS
    exit_point = p + inside * chord
    out_normal = normalised(exit_point - column(GLASS_AT))
    out = refracted(inside, -out_normal, F(1.5))
    tint = np.exp(-column([0.75, 0.22, 0.30]) * chord)
    if depth > 0:
        return surroundings(out) * tint
    behind = radiance(exit_point + out_normal * F(4e-3), out, sample[4:], 0.5) * tint
    mirror = direction + n * (2 * cosine)
    reflected = radiance(p + n * F(4e-3), mirror, sample[6:], 1)
    fresnel = F(0.04) + F(0.96) * (1 - cosine) ** 5
    return behind * (1 - fresnel) + reflected * fresnel


EYE = np.array([0.10, 1.72, -6.3], F)
LOOK_AT = np.array([-0.02, 0.66, 0.0], F)
HALF_FIELD = F(np.tan(np.radians(12.6)))  # half the picture's height
FOCUS = F(5.95)
APERTURE = F(0.050)
DIMENSIONS = 12


def sample_points(samples):
    """[samples, DIMENSIONS] numbers 0...1: each pair of dimensions fills its square evenly, in an order of its own."""
    plastic = 1.324717957244746  # the root of x^3 = x + 1; multiples of its inverse powers are evenly spread in the plane
    index = np.arange(samples) + 0.5
    rng = np.random.default_rng(11)
    pairs = [np.outer(rng.permutation(index), [1 / plastic, 1 / plastic**2]) for _ in range(DIMENSIONS // 2)]
    return np.concatenate(pairs, axis=1) % 1


def render_rows(job):
    """Linear light of the rows [top, bottom) of a picture: [rows, width, 3]."""
    top, bottom, width, height, samples = job
    rng = np.random.default_rng([5, top, width])
    y, x = np.mgrid[top:bottom, 0:width]
    y, x = y.ravel(), x.ravel()
    offset = rng.random((DIMENSIONS, y.size))
    points = sample_points(samples)
    forward = normalised((LOOK_AT - EYE).reshape(3, 1))
    right = normalised(np.cross([0, 1, 0], forward[:, 0]).reshape(3, 1).astype(F))
    up = np.cross(forward[:, 0], right[:, 0]).reshape(3, 1).astype(F)
    total = np.zeros((3, y.size), np.float64)
    for s in range(samples):
        r = ((offset + points[s][:, None]) % 1).astype(F)
        # A tent over two pixels: smooth edges without ringing.
        tent = np.where(r[:2] < 0.5, np.sqrt(2 * r[:2]) - 1, 1 - np.sqrt(2 - 2 * r[:2]))
        sx = ((x + F(0.5) + tent[0] * F(0.8)) * 2 - width) / height * HALF_FIELD
        sy = (height - (y + F(0.5) + tent[1] * F(0.8)) * 2) / height * HALF_FIELD
        target = column(EYE) + (forward + right * sx + up * sy) * FOCUS
        radius, turn = np.sqrt(r[2]) * APERTURE, r[3] * F(2 * np.pi)
        origin = column(EYE) + right * (radius * np.cos(turn)) + up * (radius * np.sin(turn))
        direction = normalised((target - origin).astype(F))
        light = radiance(origin.astype(F), direction, np.concatenate([r[4:], r[4:]]), 0)
        total += np.minimum(light, 12)
    return (total / samples).T.reshape(bottom - top, width, 3)


def developed(light):
    """Linear light -> 8-bit sRGB, with a soft shoulder for the highlights and slightly darker corners."""
    height, width, _ = light.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light = light * (1 - 0.13 * (x * x + y * y))[..., None] * 1.02
    shoulder = light * (1 + light / 9.0) / (1 + light * 0.72)
    grey = shoulder.mean(axis=2, keepdims=True)
    shoulder = np.clip(mix(grey, shoulder, 1.03), 0, 1)
    encoded = np.where(shoulder <= 0.0031308, 12.92 * shoulder, 1.055 * shoulder ** (1 / 2.4) - 0.055)
    encoded = mix(encoded, encoded * encoded * (3 - 2 * encoded), 0.38)
    return np.rint(encoded * 255).astype(np.uint8)


def render(width, height, samples, processes):
    rows = 32
    jobs = [(top, min(top + rows, height), width, height, samples) for top in range(0, height, rows)]
    with Pool(processes) as pool:
        return developed(np.concatenate(pool.map(render_rows, jobs, chunksize=1)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=128, help="rays a pixel (128)")
    parser.add_argument("--scale", type=int, default=1, help="divide both sides of the still life by this (1)")
    parser.add_argument("--processes", type=int, default=2, help="does not change the picture (2)")
    parser.add_argument("--output", type=Path, default=FIXTURES, help="folder to write to")
    arguments = parser.parse_args()
    write_png(arguments.output / "demo-alpha.png", marble())
    still_life = render(WIDTH // arguments.scale, HEIGHT // arguments.scale, arguments.samples, arguments.processes)
    write_png(arguments.output / "demo.png", still_life)
    Image.fromarray(still_life).save(arguments.output / "demo.jpg", quality=92)
