"""Real pictures and videos for tests, made by Pillow and ffmpeg."""

import io
import subprocess
from pathlib import Path

import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image, ImageCms, PngImagePlugin

from vertex.media.ffmpeg import find_ffmpeg

SECRET = "SECRET-of-Anna"  # what no served file may contain

PICTURES = ["-f", "lavfi", "-i", "testsrc=size=320x240:rate=25:duration=1"]
_ASTRONAUT: NDArray[np.uint8] = skimage.data.astronaut()

TONE = ["-f", "lavfi", "-i", "sine=duration=1"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
AAC = ["-c:a", "aac"]


def photo(width: int = 480, height: int = 600) -> Image.Image:
    """A real portrait photograph of this size."""
    return Image.fromarray(_ASTRONAUT).crop((60, 0, 360, 375)).resize((width, height))


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def telling_exif(orientation: int = 1) -> Image.Exif:
    """Metadata as a phone writes it: orientation, place and a description."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 45.0, 7.0), 3: "E", 4: (37.0, 36.0, 56.0)})
    return exif


def telling_jpeg(orientation: int = 1) -> bytes:
    """A JPEG with GPS position, XMP and comment."""
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode()
    exif = telling_exif(orientation)
    return encoded(photo(), exif=exif, xmp=xmp, comment=SECRET.encode(), quality=95)


def telling_png() -> bytes:
    """A PNG with texts, XMP, EXIF and a colour profile."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", SECRET)
    texts.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{SECRET}</x:xmpmeta>")
    return encoded(photo(), "PNG", pnginfo=texts, exif=telling_exif(), icc_profile=srgb_profile())


def srgb_profile() -> bytes:
    """The profile of sRGB."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def wide_profile() -> bytes:
    """A profile whose red, green and blue are stronger than those of sRGB."""
    profile = bytearray(srgb_profile())
    for index in range(int.from_bytes(profile[128:132], "big")):
        entry = 132 + 12 * index
        if bytes(profile[entry : entry + 4]) in (b"rXYZ", b"gXYZ"):
            offset = int.from_bytes(profile[entry + 4 : entry + 8], "big") + 8
            wider = int.from_bytes(profile[offset : offset + 4], "big", signed=True) * 5 // 4
            profile[offset : offset + 4] = wider.to_bytes(4, "big", signed=True)
    return bytes(profile)


def telling_webp() -> bytes:
    """A WebP with EXIF and XMP."""
    return encoded(photo(), "WEBP", exif=telling_exif(), xmp=SECRET.encode())


def flat() -> bytes:
    """A picture without anything to recognise."""
    return encoded(Image.new("RGB", (500, 600), (128, 128, 128)))


def noise(width: int, height: int) -> Image.Image:
    """A picture that no codec can make small."""
    pixels = np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(pixels)


def video(path: Path, *options: str) -> Path:
    """Have ffmpeg make this file."""
    command = [find_ffmpeg(), "-v", "error", "-y", *options, str(path)]
    subprocess.run(command, check=True)
    return path


def plain_video(path: Path) -> Path:
    """One second of H.264 and AAC in MP4, with telling tags."""
    tags = ["-metadata", f"comment={SECRET}", "-metadata", "location=+55.7522+037.6156/"]
    title = ["-metadata", f"title={SECRET}", "-metadata:s:v:0", f"handler_name={SECRET}"]
    return video(path, *PICTURES, *TONE, *H264, *AAC, *tags, *title, "-shortest")


RED = (230, 20, 20)
COLOURS = ((220, 30, 30), (30, 200, 30), (30, 60, 220))


def seconds_of_colours(path: Path) -> Path:
    """One second of each colour, without sound."""
    inputs: list[str] = []
    for r, g, b in COLOURS:
        colour = f"color=c=0x{r:02x}{g:02x}{b:02x}:s=320x240:r=25:d=1"
        inputs += ["-f", "lavfi", "-i", colour]
    return video(path, *inputs, "-filter_complex", f"concat=n={len(COLOURS)}", *H264)


def half_transparent(stem: Path, codec: str) -> Path:
    """A red picture whose left half is transparent, as a codec with an alpha channel keeps it."""
    pixel_format = "yuva444p10le" if codec == "prores_ks" else "yuva420p"
    suffix = ".mov" if codec == "prores_ks" else ".webm"
    r, g, b = RED
    red = f"color=c=0x{r:02x}{g:02x}{b:02x}:s=320x240:r=10:d=1"
    mask = "color=c=black:s=320x240:r=10:d=1,drawbox=x=160:y=0:w=160:h=240:c=white:t=fill"
    merged = f"[1]format=gray[m];[0][m]alphamerge,format={pixel_format}"
    options = ["-profile:v", "4444"] if codec == "prores_ks" else ["-b:v", "2M"]
    return video(
        stem.with_suffix(suffix),
        *("-f", "lavfi", "-i", red, "-f", "lavfi", "-i", mask, "-filter_complex", merged),
        *("-c:v", codec, *options, "-auto-alt-ref", "0"),
    )
