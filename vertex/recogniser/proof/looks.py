"""The looks a proof is made of: 100 of them, from easy to hopeless, on every background.

They go on until even the best photograph fails, so that the share of looks recognised tells good
portraits from better ones.
"""

from vertex.recogniser.proof.prints import Look

SIZES = (0.9, 0.6, 0.42, 0.3, 0.22, 0.18, 0.15, 0.125, 0.1)
ANGLES = (25.0, 40.0, 52.0, 62.0, 68.0, 74.0)
DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1))  # tilt, yaw


def _sizes() -> list[Look]:
    return [
        Look("size", size=size, background=2 * i + j, roll=20.0 * j - 10)
        for i, size in enumerate(SIZES)
        for j in range(2)
    ]


def _angles() -> list[Look]:
    return [
        Look("angle", tilt=angle * tilt, yaw=angle * yaw, background=i + j)
        for i, angle in enumerate(ANGLES)
        for j, (tilt, yaw) in enumerate(DIRECTIONS)
    ]


def _light() -> list[Look]:
    dim = [
        Look("light", light=light, noise=noise, size=size, background=i)
        for i, (light, noise, size) in enumerate(
            [(0.3, 4, 0.6), (0.15, 4, 0.6), (0.1, 4, 0.4), (0.06, 3, 0.6), (0.04, 3, 0.6)]
        )
    ]
    side = [
        Look("light", light=0.9, side_light=0.85, light_from=90.0 * i, size=0.7, background=i + 1)
        for i in range(4)
    ]
    return dim + side


def _sharpness() -> list[Look]:
    blurred = [
        Look("blur", blur=blur, size=size, background=i)
        for i, (blur, size) in enumerate([(1.5, 0.6), (2.2, 0.4), (3, 0.6), (4, 0.6), (5, 0.6)])
    ]
    moved = [
        Look("motion", smear=smear, smear_along=35.0 * i, size=size, background=i + 2)
        for i, (smear, size) in enumerate(
            [(7, 0.6), (9, 0.4), (13, 0.6), (17, 0.6), (21, 0.8), (25, 0.6)]
        )
    ]
    noisy = [
        Look("noise", noise=noise, light=0.6, size=0.5, background=i + 1)
        for i, noise in enumerate([8, 14, 20, 28])
    ]
    return blurred + moved + noisy


def _covered() -> list[Look]:
    glare = [
        Look("glare", glare=0.8, corner=i, tilt=-15.0, size=0.5, background=i) for i in range(4)
    ]
    hand = [
        Look("cover", cover=share, corner=i, background=i + 3)
        for i, share in enumerate([0.2, 0.25, 0.3, 0.35, 0.42, 0.5])
    ]
    return glare + hand


def _rooms() -> list[Look]:
    """Looks as they come: everything a little wrong at once."""
    sizes, lights = (0.6, 0.4, 0.28, 0.5, 0.2), (0.6, 0.3, 0.8, 0.2)
    return [
        Look(
            "room",
            size=sizes[i % 5],
            light=lights[i % 4],
            tilt=(-35.0, 15.0, 45.0)[i % 3],
            yaw=(20.0, -30.0, 0.0, 35.0)[i // 2 % 4],
            roll=(i * 47.0) % 360 - 180,
            side_light=(0.0, 0.5)[i % 2],
            light_from=i * 70.0,
            blur=(0.8, 1.6, 0.0)[i % 3],
            smear=(0, 5, 0, 9)[i % 4],
            smear_along=i * 25.0,
            noise=(4.0, 8.0)[i // 3 % 2],
            background=i,
        )
        for i in range(24)
    ]


LOOKS = (*_sizes(), *_angles(), *_light(), *_sharpness(), *_covered(), *_rooms())
