"""The shapes of the still life, how rays meet them, and the small algebra that all of it uses.

Points and directions are f32 arrays [3, n]; x runs to the right, y up, z away from the camera.
"""
import numpy as np

F = np.float32
TABLE, GLASS, APPLE, PEAR, LEMON, VASE, ORANGE, STEM, BERRY = range(9)

# Geometry, in units of about ten centimetres.
ORANGE_AT, ORANGE_RADIUS = np.array([1.33, 0.53, 0.30], F), F(0.53)
GLASS_AT, GLASS_RADIUS = np.array([-0.42, 0.235, -1.28], F), F(0.235)
BERRIES = np.array([[-1.62, 0.15, -0.72, 0.15], [-1.36, 0.14, -0.93, 0.14], [-1.33, 0.15, -0.55, 0.15],
                    [-1.08, 0.135, -0.76, 0.135], [-1.39, 0.36, -0.72, 0.14], [-1.63, 0.13, -1.16, 0.13],
                    [-0.98, 0.13, -1.12, 0.13]], F)
APPLE_AT = np.array([-0.42, 0.448, -0.18], F)
PEAR_AT = np.array([0.43, 0.0, 0.62], F)
LEMON_AT = np.array([0.78, 0.335, -0.80], F)
VASE_AT = np.array([-1.22, 0.0, 1.15], F)
TABLE_END = F(3.2)


def column(vector):
    return np.asarray(vector, F).reshape(3, 1)


def dot(a, b):
    return np.einsum("ij,ij->j", a, b)


def normalised(v):
    return v / np.sqrt(np.maximum(dot(v, v), F(1e-20)))


def smoothstep(low, high, x):
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def mix(a, b, t):
    return a + (b - a) * t


def apple_distance(p):
    """A torus without a hole, narrower towards the bottom, not quite round."""
    x, y, z = p - column(APPLE_AT)
    angle = np.arctan2(z, x)
    lobes = 1 + F(0.022) * np.cos(5 * angle) * smoothstep(0.1, -0.5, y) + F(0.02) * np.cos(angle + 1)
    ring = np.sqrt(x * x + z * z) / ((1 + F(0.26) * y) * lobes)
    d = np.sqrt((ring - F(0.180)) ** 2 + (y * F(0.90)) ** 2) - F(0.405)
    return d * F(0.75)


def stem_distance(p):
    """The apple's stem and the pear's: two bent rods."""
    best = None
    for base, height, lean, radius in ((APPLE_AT + column([0, 0.16, 0])[:, 0], 0.50, 0.16, 0.020),
                                       (PEAR_AT + column([0, 1.22, 0])[:, 0], 0.36, -0.13, 0.024)):
        x, y, z = p - column(base)
        t = np.clip(y / F(height), 0, 1)
        d = np.sqrt((x - F(lean) * t * t) ** 2 + z * z + (y - t * F(height)) ** 2) - F(radius) * (F(0.8) + F(0.7) * t**4)
        best = d if best is None else np.minimum(best, d)
    return best * F(0.8)


def pear_distance(p):
    """Two spheres melted together, leaning a little."""
    x, y, z = p - column(PEAR_AT)
    x = x + F(0.07) * (y - F(0.5))
    low = np.sqrt(x * x + (y - F(0.49)) ** 2 + z * z) - F(0.495)
    high = np.sqrt(x * x + (y - F(1.07)) ** 2 + z * z) - F(0.245)
    blend = F(0.34)
    h = np.clip(F(0.5) + F(0.5) * (high - low) / blend, 0, 1)
    return (mix(high, low, h) - blend * h * (1 - h)) * F(0.9)


LEMON_AXIS = np.array([0.90, 0.04, -0.434], F) / np.sqrt(F(0.90**2 + 0.04**2 + 0.434**2))


def lemon_distance(p):
    """The inner part of a torus that crosses itself, with rounded tips."""
    q = p - column(LEMON_AT)
    along = LEMON_AXIS @ q
    around = np.sqrt(np.maximum(dot(q, q) - along * along, 0))
    body = np.sqrt(along * along + (around + F(0.19)) ** 2) - F(0.53)
    tip = np.sqrt((np.abs(along) - F(0.44)) ** 2 + around * around) - F(0.075)
    h = np.clip(F(0.5) + F(0.5) * (tip - body) / F(0.12), 0, 1)
    return (mix(tip, body, h) - F(0.12) * h * (1 - h)) * F(0.85)


def vase_radius(y):
    arch = np.maximum(np.sin(np.clip(y / F(1.52), 0, 1) * F(np.pi)), 0)
    body = F(0.30) + F(0.36) * arch * np.sqrt(np.sqrt(arch))
    neck = F(0.21) + F(0.15) * smoothstep(1.66, 2.02, y) ** 2
    return mix(body, neck, smoothstep(1.12, 1.58, y))


def vase_distance(p):
    """A turned vessel, open at the top."""
    x, y, z = p - column(VASE_AT)
    ring = np.sqrt(x * x + z * z)
    wall = ring - vase_radius(y)
    shell = np.maximum(wall, -(wall + F(0.05)))
    shell = np.where(y < F(1.2), wall, shell)
    return np.maximum(shell, np.maximum(y - F(2.02), -y)) * F(0.55)


MARCHED = (  # bounding centre, bounding radius, distance, object
    (APPLE_AT, 0.67, apple_distance, APPLE),
    (PEAR_AT + np.array([0, 0.66, 0], F), 0.72, pear_distance, PEAR),
    (LEMON_AT, 0.56, lemon_distance, LEMON),
    (VASE_AT + np.array([0, 1.0, 0], F), 1.16, vase_distance, VASE),
    (APPLE_AT + np.array([0.06, 0.42, 0], F), 0.31, stem_distance, STEM),
    (PEAR_AT + np.array([-0.05, 1.42, 0], F), 0.26, stem_distance, STEM),
)
DISTANCES = {APPLE: apple_distance, PEAR: pear_distance, LEMON: lemon_distance, VASE: vase_distance, STEM: stem_distance}


def sphere_span(origin, direction, centre, radius):
    """Entry and exit distances along rays of unit direction; NaN where missed."""
    offset = origin - column(centre)
    b = dot(offset, direction)
    root = np.sqrt(b * b - dot(offset, offset) + F(radius) ** 2)
    return -b - root, -b + root


def sphere_hit(origin, direction, centre, radius):
    """Where a ray meets a sphere, also from inside."""
    near, far = sphere_span(origin, direction, centre, radius)
    return np.where(near > F(2e-3), near, far)


def keep_nearest(t, thing, candidate, identity):
    closer = (candidate > F(2e-3)) & (candidate < t)
    t[closer] = candidate[closer]
    thing[closer] = identity


def trace(origin, direction, limit, with_glass=True):
    """Distance to the first surface before `limit`, and which object it belongs to (-1 for none)."""
    t = np.array(np.broadcast_to(limit, origin.shape[1:]), F)
    thing = np.full(t.shape, -1, np.int8)
    with np.errstate(invalid="ignore", divide="ignore"):
        flat = -origin[1] / direction[1]
        reach_x, reach_z = origin[0] + flat * direction[0], origin[2] + flat * direction[2]
        flat[~((np.abs(reach_x) < 7) & (reach_z < TABLE_END))] = -1
        keep_nearest(t, thing, flat, TABLE)
        keep_nearest(t, thing, sphere_hit(origin, direction, ORANGE_AT, ORANGE_RADIUS), ORANGE)
        if with_glass:
            keep_nearest(t, thing, sphere_hit(origin, direction, GLASS_AT, GLASS_RADIUS), GLASS)
        some = np.flatnonzero(sphere_span(origin, direction, [-1.45, 0.2, -0.87], 0.72)[1] > 0)
        if some.size:
            local_t, local_thing = t[some], thing[some]
            for berry in BERRIES:
                hit = sphere_hit(origin[:, some], direction[:, some], berry[:3], berry[3])
                keep_nearest(local_t, local_thing, hit, BERRY)
            t[some], thing[some] = local_t, local_thing
        for centre, radius, distance, identity in MARCHED:
            near, far = sphere_span(origin, direction, centre, radius)
            some = np.flatnonzero((far > 0) & (near < t))
            if some.size:
                march(origin, direction, np.maximum(near[some], F(2e-3)), far[some], some, distance, identity, t, thing)
    return t, thing


def march(origin, direction, at, far, some, distance, identity, t, thing):
    """Sphere tracing of the rays `some` inside one bounding sphere."""
    o, d = origin[:, some], direction[:, some]
    far = np.minimum(far, t[some])
    for _ in range(90):
        step = distance(o + d * at)
        hit = step < F(4e-4)
        if hit.any():
            t[some[hit]] = at[hit]
            thing[some[hit]] = identity
        at = at + step
        going = ~hit & (at < far)
        if not going.all():
            o, d, at, far, some = o[:, going], d[:, going], at[going], far[going], some[going]
            if not some.size:
                return


def nearest_berry(p):
    """Which berry each point lies on."""
    offsets = p.T[:, None, :] - BERRIES[None, :, :3]
    return np.argmin(np.abs(np.sqrt(np.sum(offsets * offsets, axis=2)) - BERRIES[:, 3]), axis=1)


def surface_normal(p, thing):
    n = np.zeros_like(p)
    n[1] = 1
    for identity, centre in ((ORANGE, ORANGE_AT), (GLASS, GLASS_AT)):
        m = thing == identity
        n[:, m] = p[:, m] - column(centre)
    m = np.flatnonzero(thing == BERRY)
    if m.size:
        n[:, m] = p[:, m] - BERRIES[nearest_berry(p[:, m]), :3].T
    for identity, distance in DISTANCES.items():
        m = np.flatnonzero(thing == identity)
        if m.size:
            q, h = p[:, m], F(1.5e-3)
            n[:, m] = sum(column(k) * distance(q + column(k) * h) for k in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)))
    return normalised(n)
