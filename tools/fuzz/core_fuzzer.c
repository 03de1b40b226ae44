/* Throws bytes at the recogniser's core, built natively with sanitizers: `make fuzz`.
 *
 * An input is: what to do (1 byte), width and height of the frame (2 bytes each), a number for
 * extract() (2 bytes), the length of the marker (3 bytes), the marker, and pixels, which are
 * repeated until the frame is full. Length and checksum of the marker are put right when asked, so
 * that its other fields are reached. */
#include "core.h"

#include <stddef.h>
#include <string.h>

u8 *frame_buffer(void);
u8 *marker_buffer(void);
i32 load_marker(i32 length);
i32 extract(i32 width, i32 height, i32 wanted, i32 levels, i32 threshold);
i32 find(i32 width, i32 height);
void reset(void);

enum { HEAD = 10, FIX_MARKER = 1, EXTRACT = 2, MOVE = 4, RESET = 8, SHORT_SIDES = 16, FRAMES = 3 };

static u32 crc32_of(const u8 *bytes, size_t length) {
    u32 crc = ~0u;
    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int k = 0; k < 8; k++) crc = crc & 1 ? 0xEDB88320u ^ crc >> 1 : crc >> 1;
    }
    return ~crc;
}

static void put32(u8 *at, u32 value) {
    for (int k = 0; k < 4; k++) at[k] = (u8)(value >> 8 * k);
}

static void give_marker(const u8 *bytes, size_t length, int fix) {
    u8 *marker_file = marker_buffer();
    memcpy(marker_file, bytes, length);
    if (fix && length >= 24) {
        memcpy(marker_file, "VXM\2", 4);
        put32(marker_file + 4, (u32)length);
        put32(marker_file + 8, crc32_of(marker_file + 12, length - 12));
    }
    load_marker((i32)length);
}

static void give_frame(const u8 *bytes, size_t length, size_t size, size_t shift) {
    u8 *frame = frame_buffer();
    for (size_t i = 0; i < size; i++) frame[i] = length ? bytes[(i + shift) % length] : 128;
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t length) {
    if (length < HEAD) return 0;
    const int what = bytes[0];
    i32 width = bytes[1] | bytes[2] << 8, height = bytes[3] | bytes[4] << 8;
    const i32 number = (i32)(int16_t)(bytes[5] | bytes[6] << 8);
    size_t marker_length = bytes[7] | (size_t)bytes[8] << 8 | (size_t)bytes[9] << 16;
    if (what & SHORT_SIDES) width %= 257, height %= 257; /* most frames are small and quick */
    bytes += HEAD, length -= HEAD;
    if (marker_length > length) marker_length = length;
    if (marker_length > MAX_MARKER) marker_length = MAX_MARKER;
    give_marker(bytes, marker_length, what & FIX_MARKER);
    bytes += marker_length, length -= marker_length;

    const size_t size = (size_t)width * (size_t)height;
    if (size > MAX_INPUT) { /* refused before a pixel is read */
        find(width, height);
        return 0;
    }
    for (size_t k = 0; k < FRAMES; k++) {
        give_frame(bytes, length, size, what & MOVE ? k * 3 : 0);
        if (what & EXTRACT) extract(width, height, number, number % 9, number % 40);
        find(width, height);
        if (what & RESET) reset();
    }
    return 0;
}
