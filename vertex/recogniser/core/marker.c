/* The marker file, version 1: what a phone needs to recognise one portrait. Little-endian.
 *
 *   offset  size  meaning
 *        0     3  "VXM"
 *        3     1  version, 1
 *        4     4  length of the whole file in bytes
 *        8     4  CRC-32 (IEEE 802.3) of everything from byte 12 on
 *       12     2  portraits, 1
 *       14     2  0
 *       16     4  width of the portrait in px        } of the upright picture as uploaded
 *       20     4  height of the portrait in px       }
 *       24     2  width of the template in px
 *       26     2  height of the template in px
 *       28     2  views V
 *       30     2  0
 *       32     4  descriptors N
 *       36    8V  a view each: width, height, descriptors, 0 (2 bytes each)
 *         +   4N  a descriptor's place each: x, y in 65535ths of width and height (2 bytes each)
 *         +  32N  the descriptors, view by view
 *         +    T  the template, T = width x height grey pixels, row by row
 *
 * Nothing follows. docs/marker-format.md says what the fields are for. */
#include "core.h"

enum { HEADER = 36, MAX_VIEWS = 64, MIN_TEMPLATE_SIDE = 24, MAX_PIXELS_SIDE = 65535 };

/* Why a marker was refused; the numbers are answers of load_marker(). */
enum {
    MARKER_OK, MARKER_SHORT, MARKER_FOREIGN, MARKER_VERSION, MARKER_LENGTH, MARKER_CHECKSUM,
    MARKER_PORTRAITS, MARKER_SIZE, MARKER_TEMPLATE, MARKER_COUNTS, MARKER_RESERVED
};

Marker marker;
static u8 file[MAX_MARKER] __attribute__((aligned(16)));

EXPORT(marker_buffer) u8 *marker_buffer(void) { return file; }
EXPORT(marker_capacity) i32 marker_capacity(void) { return MAX_MARKER; }

static u32 u16_at(u32 at) { return (u32)file[at] | (u32)file[at + 1] << 8; }
static u32 u32_at(u32 at) { return u16_at(at) | u16_at(at + 2) << 16; }

static u32 crc32(const u8 *bytes, u32 length) {
    static u32 table[256];
    if (!table[1])
        for (u32 i = 0; i < 256; i++) {
            u32 c = i;
            for (int k = 0; k < 8; k++) c = c & 1 ? 0xEDB88320u ^ c >> 1 : c >> 1;
            table[i] = c;
        }
    u32 crc = ~0u;
    for (u32 i = 0; i < length; i++) crc = table[(crc ^ bytes[i]) & 255] ^ crc >> 8;
    return ~crc;
}

static int check_header(u32 length) {
    if (length < HEADER) return MARKER_SHORT;
    if (file[0] != 'V' || file[1] != 'X' || file[2] != 'M') return MARKER_FOREIGN;
    if (file[3] != 1) return MARKER_VERSION;
    if (u32_at(4) != length) return MARKER_LENGTH;
    if (u32_at(8) != crc32(file + 12, length - 12)) return MARKER_CHECKSUM;
    if (u16_at(12) != 1) return MARKER_PORTRAITS;
    if (u16_at(14) || u16_at(30)) return MARKER_RESERVED;
    return MARKER_OK;
}

static int check_sizes(u32 length) {
    const u32 width = u32_at(16), height = u32_at(20), views = u16_at(28), n = u32_at(32);
    const u32 across = u16_at(24), down = u16_at(26);
    if (width - 1 >= MAX_PIXELS_SIDE || height - 1 >= MAX_PIXELS_SIDE) return MARKER_SIZE;
    if (across < MIN_TEMPLATE_SIDE || down < MIN_TEMPLATE_SIDE || across * down > MAX_TEMPLATE)
        return MARKER_TEMPLATE;
    if (views == 0 || views > MAX_VIEWS || n > MAX_DESCRIPTORS) return MARKER_COUNTS;
    if (length != HEADER + 8 * views + 36 * n + across * down) return MARKER_LENGTH;
    u32 in_views = 0;
    for (u32 v = 0; v < views; v++) {
        const u32 at = HEADER + 8 * v;
        if (!u16_at(at) || !u16_at(at + 2)) return MARKER_SIZE;
        if (u16_at(at + 6)) return MARKER_RESERVED;
        in_views += u16_at(at + 4);
    }
    return in_views == n ? MARKER_OK : MARKER_COUNTS;
}

/* Reads the marker file of `length` bytes in marker_buffer(); answers MARKER_OK or why not. After a
 * refusal no portrait is looked for. */
i32 read_marker(i32 length) {
    marker.count = 0;
    if (length < 0 || length > MAX_MARKER) return MARKER_LENGTH;
    int verdict = check_header((u32)length);
    if (verdict == MARKER_OK) verdict = check_sizes((u32)length);
    if (verdict != MARKER_OK) return verdict;
    marker.width = (float)u32_at(16);
    marker.height = (float)u32_at(20);
    marker.aspect = marker.width / marker.height;
    const u32 n = u32_at(32), places = HEADER + 8 * u16_at(28), bits = places + 4 * n;
    for (u32 i = 0; i < n; i++) {
        const float x = (float)u16_at(places + 4 * i) / 65535.0f;
        const float y = (float)u16_at(places + 4 * i + 2) / 65535.0f;
        marker.x[i] = (2 * x - 1) * marker.aspect;
        marker.y[i] = 2 * y - 1;
    }
    __builtin_memcpy(marker.descriptor, file + bits, 32 * n);
    set_template(file + bits + 32 * n, (int)u16_at(24), (int)u16_at(26));
    marker.count = (int)n;
    return MARKER_OK;
}
