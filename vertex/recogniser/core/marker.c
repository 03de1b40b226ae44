/* The marker file: what a phone needs to recognise a portrait, or any portrait of an album.
 * Little-endian. Version 2:
 *
 *   offset  size  meaning
 *        0     3  "VXM"
 *        3     1  version, 2
 *        4     4  length of the whole file in bytes
 *        8     4  CRC-32 (IEEE 802.3) of everything from byte 12 on
 *       12     2  portraits P, 1 to 50
 *       14     2  clusters K, 0 to 256
 *       16     4  descriptors N, at most 65,536
 *       20     4  0
 *       24   16P  a portrait each: width, height in px of the upright picture as uploaded (4 bytes
 *                 each), width, height in px of its template (2 bytes each), its descriptors (4)
 *         +  32K  the centre of each cluster
 *         +   4K  the end of each cluster: index of the descriptor after its last
 *         +   4N  a descriptor's place each: x, y in 65535ths of width and height (2 bytes each)
 *         +  32N  the descriptors, cluster by cluster
 *         +    N  which portrait each descriptor belongs to (1 byte)
 *         +    T  the templates, width x height grey pixels each, row by row
 *
 * Version 1, still read, holds one portrait:
 *
 *       12     2  portraits, 1
 *       14     2  0
 *       16     8  width, height in px of the portrait
 *       24     4  width, height in px of the template (2 bytes each)
 *       28     2  views V, 1 to 64
 *       30     2  0
 *       32     4  descriptors N, at most 4,096
 *       36    8V  a view each: width, height, descriptors, 0 (2 bytes each)
 *         +   4N  places, then 32N descriptors, then the template
 *
 * Nothing follows either. docs/marker-format.md says what the fields are for. */
#include "core.h"

enum {
    HEADER = 24, PORTRAIT_BYTES = 16, FIRST_HEADER = 36, MAX_FIRST = 4096, MAX_VIEWS = 64,
    MIN_TEMPLATE_SIDE = 24, MAX_PIXELS_SIDE = 65535
};

/* Why a marker was refused; the numbers are answers of load_marker(). */
enum {
    MARKER_OK, MARKER_SHORT, MARKER_FOREIGN, MARKER_VERSION, MARKER_LENGTH, MARKER_CHECKSUM,
    MARKER_PORTRAITS, MARKER_SIZE, MARKER_TEMPLATE, MARKER_COUNTS, MARKER_RESERVED
};

Marker marker;
static u8 file[MAX_MARKER] __attribute__((aligned(16)));
static const u8 no_owner[MAX_FIRST]; /* of a file of version 1: all are of portrait 0 */

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
    if (file[3] != 1 && file[3] != 2) return MARKER_VERSION;
    if (file[3] == 1 && length < FIRST_HEADER) return MARKER_SHORT;
    if (u32_at(4) != length) return MARKER_LENGTH;
    if (u32_at(8) != crc32(file + 12, length - 12)) return MARKER_CHECKSUM;
    return MARKER_OK;
}

/* Reads the sizes of a portrait and its template that stand at `at`; the pixels come later. */
static int read_sizes(Portrait *portrait, u32 at) {
    const u32 width = u32_at(at), height = u32_at(at + 4);
    const u32 across = u16_at(at + 8), down = u16_at(at + 10);
    if (width - 1 >= MAX_PIXELS_SIDE || height - 1 >= MAX_PIXELS_SIDE) return MARKER_SIZE;
    if (across < MIN_TEMPLATE_SIDE || down < MIN_TEMPLATE_SIDE || across * down > MAX_TEMPLATE)
        return MARKER_TEMPLATE;
    portrait->width = (float)width;
    portrait->height = (float)height;
    portrait->aspect = portrait->width / portrait->height;
    portrait->across = (int)across;
    portrait->down = (int)down;
    return MARKER_OK;
}

static int read_first_version(u32 length) {
    const u32 views = u16_at(28), n = u32_at(32), places = FIRST_HEADER + 8 * views;
    if (u16_at(12) != 1) return MARKER_PORTRAITS;
    if (u16_at(14) || u16_at(30)) return MARKER_RESERVED;
    const int verdict = read_sizes(&marker.portrait[0], 16);
    if (verdict != MARKER_OK) return verdict;
    if (views == 0 || views > MAX_VIEWS || n > MAX_FIRST) return MARKER_COUNTS;
    const u32 pixels = places + 36 * n;
    if (length != pixels + u16_at(24) * u16_at(26)) return MARKER_LENGTH;
    u32 in_views = 0;
    for (u32 v = 0; v < views; v++) {
        const u32 at = FIRST_HEADER + 8 * v;
        if (!u16_at(at) || !u16_at(at + 2)) return MARKER_SIZE;
        if (u16_at(at + 6)) return MARKER_RESERVED;
        in_views += u16_at(at + 4);
    }
    if (in_views != n) return MARKER_COUNTS;
    marker.place = file + places;
    marker.descriptor = file + places + 4 * n;
    marker.owner = no_owner;
    marker.portrait[0].pixels = file + pixels;
    marker.portraits = 1;
    marker.count = (int)n;
    return MARKER_OK;
}

/* Clusters end one after the other, the last with the last descriptor. */
static int read_clusters(u32 clusters, u32 n) {
    const u32 ends = (u32)(marker.centre - file) + 32 * clusters;
    for (u32 c = 0; c < clusters; c++) {
        marker.end[c] = u32_at(ends + 4 * c);
        if (marker.end[c] > n || (c && marker.end[c] < marker.end[c - 1])) return MARKER_COUNTS;
    }
    return clusters == 0 || marker.end[clusters - 1] == n ? MARKER_OK : MARKER_COUNTS;
}

/* Every descriptor belongs to a portrait, and each portrait has as many as it says. */
static int check_owners(u32 portraits, u32 n) {
    u32 owned[MAX_PORTRAITS] = {0};
    for (u32 i = 0; i < n; i++) {
        if (marker.owner[i] >= portraits) return MARKER_COUNTS;
        owned[marker.owner[i]]++;
    }
    for (u32 p = 0; p < portraits; p++)
        if (owned[p] != u32_at(HEADER + PORTRAIT_BYTES * p + 12)) return MARKER_COUNTS;
    return MARKER_OK;
}

static int read_second_version(u32 length) {
    const u32 portraits = u16_at(12), clusters = u16_at(14), n = u32_at(16);
    if (portraits == 0 || portraits > MAX_PORTRAITS) return MARKER_PORTRAITS;
    if (u32_at(20)) return MARKER_RESERVED;
    if (clusters > MAX_CLUSTERS || n > MAX_DESCRIPTORS) return MARKER_COUNTS;
    const u32 centres = HEADER + PORTRAIT_BYTES * portraits, places = centres + 36 * clusters;
    u32 pixels = places + 37 * n;
    if (length < pixels) return MARKER_LENGTH;
    for (u32 p = 0; p < portraits; p++) {
        Portrait *portrait = &marker.portrait[p];
        const int verdict = read_sizes(portrait, HEADER + PORTRAIT_BYTES * p);
        if (verdict != MARKER_OK) return verdict;
        portrait->pixels = file + pixels;
        pixels += (u32)(portrait->across * portrait->down);
        if (length < pixels) return MARKER_LENGTH;
    }
    if (length != pixels) return MARKER_LENGTH;
    marker.centre = file + centres;
    marker.place = file + places;
    marker.descriptor = file + places + 4 * n;
    marker.owner = file + places + 36 * n;
    int verdict = read_clusters(clusters, n);
    if (verdict == MARKER_OK) verdict = check_owners(portraits, n);
    if (verdict != MARKER_OK) return verdict;
    marker.portraits = (int)portraits;
    marker.clusters = (int)clusters;
    marker.count = (int)n;
    return MARKER_OK;
}

/* Reads the marker file of `length` bytes in marker_buffer(); answers MARKER_OK or why not. After a
 * refusal no portrait is looked for. */
i32 read_marker(i32 length) {
    marker.portraits = marker.count = marker.clusters = 0;
    if (length < 0 || length > MAX_MARKER) return MARKER_LENGTH;
    const int verdict = check_header((u32)length);
    if (verdict != MARKER_OK) return verdict;
    return file[3] == 1 ? read_first_version((u32)length) : read_second_version((u32)length);
}

/* Where on its portrait a descriptor was seen, in unit coordinates. */
void place_of(int descriptor, float *x, float *y) {
    const u8 *place = marker.place + 4 * descriptor;
    const float across = (float)(place[0] | place[1] << 8) / 65535.0f;
    const float down = (float)(place[2] | place[3] << 8) / 65535.0f;
    *x = (2 * across - 1) * marker.portrait[marker.owner[descriptor]].aspect;
    *y = 2 * down - 1;
}
