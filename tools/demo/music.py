"""A music-box melody, computed sample by sample."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.demo.pose import SECONDS

RATE = 48_000
_BEAT = 0.3
Sound = NDArray[np.float64]

# (beat, note as semitones above A4, loudness): a slow waltz in G that closes on its own beginning
_MELODY = (
    (0, 5, 1.0), (1, 10, 0.7), (2, 14, 0.8), (3, 17, 1.0), (4, 14, 0.6), (5, 10, 0.7),
    (6, 12, 1.0), (7, 9, 0.6), (8, 5, 0.7), (9, 7, 0.9), (10, 10, 0.7), (11, 14, 0.8),
    (12, 15, 1.0), (13, 14, 0.7), (14, 12, 0.7), (15, 10, 0.9), (16.5, 5, 0.5), (17, 10, 0.8),
)  # fmt: skip
_BASS = ((0, -14), (3, -9), (6, -7), (9, -2), (12, -9), (15, -14))


def write(path: Path) -> None:
    """Store the melody as a stereo WAV file as long as the film."""
    samples = (np.clip(_mixed(), -1, 1) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def _mixed() -> Sound:
    """Both channels; what rings past the end is folded onto the beginning, so that it loops."""
    length = int(SECONDS * RATE)
    sound = np.zeros((length, 2))
    notes = [(b, n, v, 0.25) for b, n, v in _MELODY] + [(b, n, 0.75, -0.2) for b, n in _BASS]
    for beat, semitones, loudness, side in notes:
        tone = _plucked(440 * 2 ** (semitones / 12)) * loudness
        where = (int(beat * _BEAT * RATE) + np.arange(len(tone))) % length
        np.add.at(sound[:, 0], where, tone * (1 - side) / 2)
        np.add.at(sound[:, 1], where, tone * (1 + side) / 2)
    seam = int(0.012 * RATE)
    sound[:seam] *= np.linspace(0, 1, seam)[:, None]
    sound[-seam:] *= np.linspace(1, 0, seam)[:, None]
    level: Sound = sound * (0.5 / np.abs(sound).max())
    return level


def _plucked(frequency: float) -> Sound:
    """One tooth of the comb: a few inharmonic partials, the higher the sooner gone."""
    t = np.arange(int(1.9 * RATE)) / RATE
    tone = np.zeros_like(t)
    for ratio, level, decay in ((1, 1, 2.6), (2.0, 0.34, 4), (3.01, 0.16, 6.5), (5.41, 0.07, 14)):
        tone += level * np.exp(-decay * t) * np.sin(2 * np.pi * frequency * ratio * t)
    ends = np.minimum(1, t / 0.004) * np.minimum(1, (t[-1] - t) / 0.25)
    return np.asarray(tone * ends, dtype=np.float64)
