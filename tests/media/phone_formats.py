"""What phones and cameras make, by real encoders: one short film in each kind of file."""

from dataclasses import dataclass
from pathlib import Path

from tests.media.samples import AAC, video

SECONDS = 2
_FILM = f"testsrc2=size={{size}}:rate={{rate}}:duration={SECONDS}"
_LOUD = ["-f", "lavfi", "-i", f"sine=frequency=440:sample_rate=48000:duration={SECONDS}"]
_X265 = ["-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1"]
_QUIET = "log-level=none"
_HDR = "colorprim=bt2020:colormatrix=bt2020nc"
_OF_SCREENS = "colorspace=gbr:color_primaries=bt709:color_trc=bt709"
_TO_LINEAR = f"format=gbrp,setparams={_OF_SCREENS},zscale=t=linear:npl=203,format=gbrpf32le"


@dataclass(frozen=True)
class Format:
    """A kind of file: how it is made, and what must be found in it."""

    name: str
    suffix: str
    options: tuple[str, ...]
    findings: frozenset[str]
    size: tuple[int, int] = (640, 360)
    rate: int = 30
    turned: int = 0
    sound: bool = True
    off: tuple[float, float] = (12.0, 60.0)  # grey levels from ours: the mean, 99 of 100 points

    def make(self, folder: Path) -> Path:
        """Have the file made in this folder."""
        film = ["-f", "lavfi", "-i", _FILM.format(size="{}x{}".format(*self.size), rate=self.rate)]
        source = [*film, *(_LOUD if self.sound else [])]
        path = video(folder / f"film{self.suffix}", *source, *self.options)
        return path if not self.turned else _turned(path, self.turned)


def _turned(path: Path, degrees: int) -> Path:
    """The same pictures with a flag that tells players to turn them."""
    target = path.with_stem("turned")
    return video(target, "-i", str(path), "-c", "copy", "-metadata:s:v", f"rotate={degrees}")


def _hdr(transfer: str) -> tuple[str, ...]:
    tone = f"{_TO_LINEAR},zscale=p=bt2020:t={transfer}:m=bt2020nc:r=tv:npl=203"
    options = f"{_QUIET}:{_HDR}:transfer={transfer}"
    return ("-vf", f"{tone},format=yuv420p10le", *_X265, "-x265-params", options, *AAC)


def _found(*codes: str) -> frozenset[str]:
    return frozenset(codes) | {"loudness"}


H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
HEVC = (*_X265, "-x265-params", _QUIET, "-pix_fmt", "yuv420p")
HEVC10 = (*_X265, "-x265-params", _QUIET, "-pix_fmt", "yuv420p10le")
VP9 = ("-c:v", "libvpx-vp9", "-cpu-used", "8", "-b:v", "2M", "-c:a", "libopus")
SVT = ("-c:v", "libsvtav1", "-preset", "12", "-c:a", "libopus")
UNEVEN = ("-vf", "select='not(mod(n,3))+lt(mod(n,20),8)'", "-fps_mode", "vfr")

HDR_OFF = (24.0, 110.0)  # without a mapping it is more than three times as much

FORMATS = (
    Format("MP4, H.264, AAC", ".mp4", (*H264, *AAC), _found()),
    Format("MP4, H.264, no sound", ".mp4", H264, frozenset({"kept", "no_sound"}), sound=False),
    Format("MP4, H.264 4K", ".mp4", (*H264, *AAC), _found("size"), size=(3840, 2160), rate=10),
    Format("MP4, H.264, turned by 90°", ".mp4", (*H264, *AAC), _found("turned"), turned=90),
    Format("MP4, H.264, turned by 180°", ".mp4", (*H264, *AAC), _found("turned"), turned=180),
    Format("MP4, H.264, turned by 270°", ".mp4", (*H264, *AAC), _found("turned"), turned=270),
    Format("MP4, H.264, changing pace", ".mp4", (*UNEVEN, *H264, *AAC), _found("uneven")),
    Format("MP4, H.264, 240 a second", ".mp4", (*H264, *AAC), _found("fast"), rate=240),
    Format("MP4, AV1, AAC", ".mp4", (*SVT[:4], *AAC), _found("codec")),
    Format("M4V, H.264, AAC", ".m4v", (*H264, *AAC), _found()),
    Format(
        "MOV, H.264, PCM", ".mov", (*H264, "-c:a", "pcm_s16le"), _found("container", "sound_codec")
    ),
    Format("MOV, HEVC 8 bits", ".mov", (*HEVC, *AAC), _found("container", "codec")),
    Format("MOV, HEVC 10 bits", ".mov", (*HEVC10, *AAC), _found("container", "codec", "depth")),
    Format(
        "MOV, HEVC 10 bits, HLG",
        ".mov",
        _hdr("arib-std-b67"),
        _found("container", "codec", "brightness"),
        off=HDR_OFF,
    ),
    Format(
        "MOV, HEVC 10 bits, PQ",
        ".mov",
        _hdr("smpte2084"),
        _found("container", "codec", "brightness"),
        off=HDR_OFF,
    ),
    Format(
        "MOV, H.264, AAC 5.1",
        ".mov",
        (*H264, *AAC, "-ac", "6"),
        _found("container", "sound_channels"),
    ),
    Format("WebM, VP9, Opus", ".webm", VP9, _found("container", "codec", "sound_codec")),
    Format("WebM, AV1, Opus", ".webm", SVT, _found("container", "codec", "sound_codec")),
    Format(
        "WebM, VP8, Vorbis",
        ".webm",
        ("-c:v", "libvpx", "-b:v", "2M", "-cpu-used", "8", "-c:a", "libvorbis"),
        _found("container", "codec", "sound_codec"),
    ),
    Format(
        "MKV, HEVC, AC-3",
        ".mkv",
        (*HEVC, "-c:a", "ac3"),
        _found("container", "codec", "sound_codec"),
    ),
    Format(
        "3GP, MPEG-4, AAC",
        ".3gp",
        ("-c:v", "mpeg4", "-q:v", "3", *AAC),
        _found("container", "codec"),
    ),
    Format("3GP, H.264, AAC", ".3gp", (*H264, *AAC), _found("container")),
)
