"""The codecs that are accepted, by ffmpeg's names for them and by people's."""

PICTURES = {
    "av1": "AV1",
    "h263": "H.263",
    "h264": "H.264",
    "hevc": "HEVC (H.265)",
    "libdav1d": "AV1",
    "mjpeg": "Motion JPEG",
    "mpeg4": "MPEG-4 Part 2",
    "prores": "ProRes",
    "vp8": "VP8",
    "vp9": "VP9",
}
SOUNDS = {
    "aac": "AAC",
    "ac3": "Dolby Digital (AC-3)",
    "alac": "ALAC",
    "amrnb": "AMR",
    "amrwb": "AMR",
    "eac3": "Dolby Digital Plus (E-AC-3)",
    "flac": "FLAC",
    "mp3": "MP3",
    "mp3float": "MP3",
    "opus": "Opus",
    "vorbis": "Vorbis",
}
_UNCOMPRESSED = "pcm_"


def name_of_codec(codec: str) -> str:
    """Return what people call a codec."""
    if codec.startswith(_UNCOMPRESSED):
        return "PCM"
    return PICTURES.get(codec) or SOUNDS.get(codec) or codec.upper()


def is_sound(codec: str) -> bool:
    """Whether a sound so coded can be used."""
    return codec in SOUNDS or codec.startswith(_UNCOMPRESSED)
