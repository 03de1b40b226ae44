/* The marker file, version 2: what a phone needs to recognise a portrait, or any portrait of an album.
 * Little-endian.
 *
 *   offset  size  meaning
 *        0     3  "VXM"
 *        3     1  version, 2
 *        4     4  length of the whole file in bytes
 *        8     4  CRC-32 (IEEE 802.3) of everything from byte 12 on
 *       12     2  portraits P, 1 to 50
 *       14     2  clusters K, 0 to 256
 *       16     4  descriptors N, at most 65,536
 *       20     4  view levels V, at most 4,096 in all
 *       24   20P  a portrait each: width, height in px of the upright picture as uploaded (4 bytes
 *                 each), width, height in px of its template (2 bytes each), its descriptors (4), its
 *                 view levels (2), 0 (2)
 *         +  16V  the view levels, portrait by portrait: four floats each, row by row, unit
 *                 coordinates -> px of the level
 *         +  32K  the centre of each cluster
 *         +   4K  the end of each cluster: index of the descriptor after its last
 *         +   4N  a descriptor's place each: x, y in 65535ths of width and height (2 bytes each)
 *         +  32N  the descriptors, cluster by cluster
 *         +    N  which portrait each descriptor belongs to (1 byte)
 *         +    N  in which of its portrait's view levels it was seen (1 byte)
 *         +    N  at which angle, in 256ths of a turn (1 byte)
 *         +    T  the templates, width x height grey pixels each, row by row
 *
 * Nothing follows. docs/marker-format.md says what the fields are for. */
#include "core.h"

enum {
    HEADER = 24, PORTRAIT_BYTES = 20, MAX_VIEW_LEVELS = 4096, MIN_TEMPLATE_SIDE = 24,
    MAX_PIXELS_SIDE = 65535
};

/* Why a marker was refused; the numbers are answers of load_marker(). */
enum {
    MARKER_OK, MARKER_SHORT, MARKER_FOREIGN, MARKER_VERSION, MARKER_LENGTH, MARKER_CHECKSUM,
    MARKER_PORTRAITS, MARKER_SIZE, MARKER_TEMPLATE, MARKER_COUNTS, MARKER_RESERVED,
    MARKER_VIEWS
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
    if (file[3] != 2) return MARKER_VERSION;
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

/* Clusters end one after the other, the last with the last descriptor. */
static int read_clusters(u32 clusters, u32 n) {
    const u32 ends = (u32)(marker.centre - file) + 32 * clusters;
    for (u32 c = 0; c < clusters; c++) {
        marker.end[c] = u32_at(ends + 4 * c);
        if (marker.end[c] > n || (c && marker.end[c] < marker.end[c - 1])) return MARKER_COUNTS;
    }
    return clusters == 0 || marker.end[clusters - 1] == n ? MARKER_OK : MARKER_COUNTS;
}

/* Every descriptor belongs to a portrait, and each portrait has as many as it says, all seen in view
 * levels that it has. */
static int check_owners(u32 portraits, u32 n) {
    u32 owned[MAX_PORTRAITS] = {0};
    for (u32 i = 0; i < n; i++) {
        const u32 owner = marker.owner[i];
        if (owner >= portraits || marker.view[i] >= marker.portrait[owner].view_levels)
            return MARKER_COUNTS;
        owned[owner]++;
    }
    for (u32 p = 0; p < portraits; p++)
        if (owned[p] != u32_at(HEADER + PORTRAIT_BYTES * p + 12)) return MARKER_COUNTS;
    return MARKER_OK;
}

/* A view level is a picture of the portrait: it has an area, and is not turned over. */
static int check_views(u32 at, u32 levels) {
    for (u32 v = 0; v < levels; v++) {
        float m[4];
        __builtin_memcpy(m, file + at + 16 * v, sizeof m);
        for (int k = 0; k < 4; k++)
            if (!(absf(m[k]) < 1e5f)) return MARKER_VIEWS;
        if (!(m[0] * m[3] - m[1] * m[2] > 1)) return MARKER_VIEWS;
    }
    return MARKER_OK;
}

/* The table of portraits, and where their views and templates lie; *end is after the last of these. */
static int read_portraits(u32 portraits, u32 views, u32 view_levels, u32 pixels, u32 length) {
    u32 levels = 0;
    for (u32 p = 0; p < portraits; p++) {
        Portrait *portrait = &marker.portrait[p];
        const u32 at = HEADER + PORTRAIT_BYTES * p;
        const int verdict = read_sizes(portrait, at);
        if (verdict != MARKER_OK) return verdict;
        if (u16_at(at + 18)) return MARKER_RESERVED;
        portrait->view_levels = u16_at(at + 16);
        portrait->views = file + views + 16 * levels;
        portrait->pixels = file + pixels;
        levels += portrait->view_levels;
        pixels += (u32)(portrait->across * portrait->down);
        if (levels > view_levels) return MARKER_COUNTS;
        if (length < pixels) return MARKER_LENGTH;
    }
    if (levels != view_levels) return MARKER_COUNTS;
    return length == pixels ? check_views(views, levels) : MARKER_LENGTH;
}

static int read_body(u32 length) {
    const u32 portraits = u16_at(12), clusters = u16_at(14), n = u32_at(16), levels = u32_at(20);
    if (portraits == 0 || portraits > MAX_PORTRAITS) return MARKER_PORTRAITS;
    if (clusters > MAX_CLUSTERS || n > MAX_DESCRIPTORS || levels > MAX_VIEW_LEVELS)
        return MARKER_COUNTS;
    const u32 views = HEADER + PORTRAIT_BYTES * portraits, centres = views + 16 * levels;
    const u32 places = centres + 36 * clusters, pixels = places + 39 * n;
    if (length < pixels) return MARKER_LENGTH;
    marker.centre = file + centres;
    marker.place = file + places;
    marker.descriptor = file + places + 4 * n;
    marker.owner = marker.descriptor + 32 * n;
    marker.view = marker.owner + n;
    marker.angle = marker.view + n;
    int verdict = read_portraits(portraits, views, levels, pixels, length);
    if (verdict == MARKER_OK) verdict = read_clusters(clusters, n);
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
    return verdict == MARKER_OK ? read_body((u32)length) : verdict;
}

/* Where on its portrait a descriptor was seen, in unit coordinates. */
void place_of(int descriptor, float *x, float *y) {
    const u8 *place = marker.place + 4 * descriptor;
    const float across = (float)(place[0] | place[1] << 8) / 65535.0f;
    const float down = (float)(place[2] | place[3] << 8) / 65535.0f;
    *x = (2 * across - 1) * marker.portrait[marker.owner[descriptor]].aspect;
    *y = 2 * down - 1;
}

/* Cosine and sine of k / 256 of a turn, by halving the angle from a full one: no libm here. */
static void set_turn(int k, float *turn) {
    double c = 1, s = 0;
    for (int bit = 0; bit < 8; bit++) {
        if (!(k >> bit & 1)) continue;
        /* 2^bit / 256 of a turn: half angles down from a half turn */
        double ca = -1, sa = 0;
        for (int half = 7; half > bit; half--) {
            sa = __builtin_sqrt((1 - ca) / 2);
            ca = __builtin_sqrt((1 + ca) / 2);
        }
        const double t = c * ca - s * sa;
        s = s * ca + c * sa;
        c = t;
    }
    turn[0] = (float)c;
    turn[1] = (float)s;
}

/* How a descriptor saw its portrait: unit coordinates -> px of the level, and its corner's turn. */
void view_of(int descriptor, float *matrix, float *cos, float *sin) {
    static float turns[256][2];
    if (turns[0][0] == 0)
        for (int k = 0; k < 256; k++) set_turn(k, turns[k]);
    const Portrait *portrait = &marker.portrait[marker.owner[descriptor]];
    __builtin_memcpy(matrix, portrait->views + 16 * marker.view[descriptor], 4 * sizeof *matrix);
    *cos = turns[marker.angle[descriptor]][0];
    *sin = turns[marker.angle[descriptor]][1];
}
