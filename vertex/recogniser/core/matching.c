/* For each feature and portrait, the nearest descriptor by Hamming distance, when no other place of
 * that portrait comes close. The descriptors of an album are grouped into clusters, and only the
 * clusters whose centres are nearest are searched, so that the cost grows slower than the album. */
#include "core.h"

enum {
    MAX_DISTANCE = 64, /* of 256 bits */
    MAX_HITS = 1024,   /* of one feature */
    ABOUT = 10,        /* bits: as near as the nearest */
    PROBES = 8,        /* clusters searched, besides one in sixteen */
    LANES = 16         /* descriptors measured at once */
};
static const float RATIO = 0.85f;      /* to the best descriptor at another place */
static const float SAME_PLACE = 0.2f;  /* unit coordinates: a tenth of the height */

typedef struct {
    i32 descriptor, distance, portrait;
} Hit;

Match matches[MAX_MATCHES];
int match_start[MAX_PORTRAITS + 1];

static Match found[MAX_MATCHES];
static int found_count;
static Hit hits[MAX_HITS];
static int hit_count;

/* Of the feature at hand: how far each descriptor is that was measured, bits, and which were. */
static u8 distances[MAX_DESCRIPTORS + LANES] __attribute__((aligned(16)));
static struct { u32 from, to; } ranges[MAX_CLUSTERS];
static int range_count;

static int distance_between(const u8 *a, const u8 *b) {
    u64 x[4], y[4];
    int sum = 0;
    __builtin_memcpy(x, a, sizeof x);
    __builtin_memcpy(y, b, sizeof y);
    for (int k = 0; k < 4; k++) sum += __builtin_popcountll(x[k] ^ y[k]);
    return sum > 255 ? 255 : sum;
}

#ifdef SIMD
enum { BLOCK = LANES * DESCRIPTOR_BYTES };
static u8 last_block[BLOCK] __attribute__((aligned(16)));

/* Puts the first byte of each of `count` descriptors side by side, then the second of each, so that a
 * block is measured without adding across lanes. */
static void slice(const u8 *from, u32 count, u8 *to) {
    for (u32 i = 0; i < count; i++)
        for (u32 b = 0; b < DESCRIPTOR_BYTES; b++)
            to[b * LANES + i] = from[i * DESCRIPTOR_BYTES + b];
}

/* Slices the marker's descriptors where they lie; what is left of them has a block of its own. */
void prepare_matching(void) {
    const u32 whole = (u32)marker.count / LANES;
    if (marker.count == 0) return;
    for (u32 k = 0; k < whole; k++) {
        u8 block[BLOCK];
        slice(marker.descriptor + k * BLOCK, LANES, block);
        __builtin_memcpy(marker.descriptor + k * BLOCK, block, BLOCK);
    }
    slice(marker.descriptor + whole * BLOCK, (u32)marker.count % LANES, last_block);
}

static void measure_range(const u8 *query, u32 from, u32 to) {
    v128_t bytes[DESCRIPTOR_BYTES];
    for (int b = 0; b < DESCRIPTOR_BYTES; b++) bytes[b] = wasm_u8x16_splat(query[b]);
    for (u32 i = from & ~(LANES - 1u); i < to; i += LANES) {
        const u8 *block = i + LANES > (u32)marker.count ? last_block
                                                        : marker.descriptor + i * DESCRIPTOR_BYTES;
        v128_t sum = wasm_u8x16_const_splat(0);
        for (int b = 0; b < DESCRIPTOR_BYTES; b++, block += LANES)
            sum = wasm_u8x16_add_sat(
                sum, wasm_i8x16_popcnt(wasm_v128_xor(bytes[b], wasm_v128_load(block))));
        wasm_v128_store(distances + i, sum);
    }
}
#else
void prepare_matching(void) {}

static void measure_range(const u8 *query, u32 from, u32 to) {
    const u8 *bits = marker.descriptor + DESCRIPTOR_BYTES * from;
    for (u32 i = from; i < to; i++, bits += DESCRIPTOR_BYTES)
        distances[i] = (u8)distance_between(query, bits);
}
#endif

/* Measures how far the descriptors from..to - 1 are from the query; returns the least distance. */
static int search_range(const u8 *query, u32 from, u32 to) {
    int least = 255;
    measure_range(query, from, to);
    for (u32 i = from; i < to; i++) least = distances[i] < least ? distances[i] : least;
    ranges[range_count].from = from;
    ranges[range_count++].to = to;
    return least;
}

/* Searches the clusters whose centres are nearest to the query. */
static int search_clusters(const u8 *query) {
    static u16 distance[MAX_CLUSTERS];
    int histogram[256] = {0}, limit = 0, within = 0, least = 255;
    const int probes = PROBES + marker.clusters / 16;
    for (int c = 0; c < marker.clusters; c++) {
        distance[c] = (u16)distance_between(query, marker.centre + DESCRIPTOR_BYTES * c);
        histogram[distance[c]]++;
    }
    while (limit < 255 && within + histogram[limit] < probes) within += histogram[limit++];
    for (int c = 0; c < marker.clusters; c++) {
        if (distance[c] > limit) continue;
        const int nearest = search_range(query, c ? marker.end[c - 1] : 0, marker.end[c]);
        least = nearest < least ? nearest : least;
    }
    return least;
}

/* Turns what was measured at most `limit` away into hits. */
static void collect_hits(int limit) {
    hit_count = 0;
    for (int r = 0; r < range_count; r++)
        for (u32 i = ranges[r].from; i < ranges[r].to; i++)
            if (distances[i] <= limit && hit_count < MAX_HITS)
                hits[hit_count++] = (Hit){(i32)i, distances[i], marker.owner[i]};
}

/* The views of a portrait overlap, so the second best is often the same place seen again: only a
 * descriptor elsewhere on the portrait speaks against a match (Lowe's ratio, made aware of place). */
static int is_ambiguous(const Hit *best) {
    const float limit = (float)best->distance / RATIO;
    float x, y;
    place_of(best->descriptor, &x, &y);
    for (int k = 0; k < hit_count; k++) {
        float other_x, other_y;
        if (hits[k].portrait != best->portrait || (float)hits[k].distance > limit) continue;
        place_of(hits[k].descriptor, &other_x, &other_y);
        const float dx = other_x - x, dy = other_y - y;
        if (dx * dx + dy * dy > SAME_PLACE * SAME_PLACE) return 1;
    }
    return 0;
}

/* Turns the hits of a feature into its best match for each portrait. Of an album, only portraits that
 * are about as near as the nearest: the others are matched by chance, or share a backdrop that the
 * nearest shows as well. */
static void keep_matches(int feature, int nearest) {
    static Hit *best[MAX_PORTRAITS];
    for (int k = 0; k < hit_count; k++) best[hits[k].portrait] = 0;
    for (int k = 0; k < hit_count; k++) {
        Hit **b = &best[hits[k].portrait];
        if (hits[k].distance < MAX_DISTANCE && hits[k].distance <= nearest + ABOUT &&
            (!*b || hits[k].distance < (*b)->distance ||
             (hits[k].distance == (*b)->distance && hits[k].descriptor < (*b)->descriptor)))
            *b = &hits[k];
    }
    for (int k = 0; k < hit_count; k++) {
        const Hit *hit = &hits[k];
        if (best[hit->portrait] != hit || found_count == MAX_MATCHES || is_ambiguous(hit)) continue;
        found[found_count++] =
            (Match){hit->descriptor, (u16)feature, (u8)hit->distance, (u8)hit->portrait};
    }
}

static void sort_by_portrait(void) {
    int at[MAX_PORTRAITS];
    __builtin_memset(match_start, 0, sizeof match_start);
    for (int i = 0; i < found_count; i++) match_start[found[i].portrait + 1]++;
    for (int p = 0; p < MAX_PORTRAITS; p++) {
        match_start[p + 1] += match_start[p];
        at[p] = match_start[p];
    }
    for (int i = 0; i < found_count; i++) matches[at[found[i].portrait]++] = found[i];
}

void match_features(void) {
    found_count = 0;
    for (int i = 0; i < feature_count; i++) {
        range_count = 0;
        const int nearest = marker.clusters ? search_clusters(descriptors[i])
                                            : search_range(descriptors[i], 0, (u32)marker.count);
        if (nearest >= MAX_DISTANCE) continue;
        /* beyond it nothing speaks against a match, nor for one */
        collect_hits((int)((float)(nearest + (marker.portraits > 1 ? ABOUT : 0)) / RATIO));
        keep_matches(i, nearest);
    }
    sort_by_portrait();
}
