/* Nearest marker descriptor of each feature, by Hamming distance, when no other place comes close. */
#include "core.h"

enum { MAX_DISTANCE = 64 };                    /* of 256 bits */
static const float RATIO = 0.85f;              /* to the best descriptor at another place */
static const float SAME_PLACE = 0.2f;          /* unit coordinates: a tenth of the height */

Match matches[MAX_FEATURES];
int match_count;

static u16 distance[MAX_DESCRIPTORS];

/* Fills distance[] and returns the index of the nearest descriptor, or -1. */
static int nearest(const u8 *query) {
    int best = 257, index = -1;
#ifdef SIMD
    const v128_t a = wasm_v128_load(query), b = wasm_v128_load(query + 16);
    for (int j = 0; j < marker.count; j++) {
        const u8 *d = marker.descriptor[j];
        v128_t bits = wasm_i8x16_add(
            wasm_i8x16_popcnt(wasm_v128_xor(a, wasm_v128_load(d))),
            wasm_i8x16_popcnt(wasm_v128_xor(b, wasm_v128_load(d + 16))));
        v128_t sums = wasm_u32x4_extadd_pairwise_u16x8(wasm_u16x8_extadd_pairwise_u8x16(bits));
        sums = wasm_i32x4_add(sums, wasm_i32x4_shuffle(sums, sums, 2, 3, 0, 1));
        const int n = wasm_i32x4_extract_lane(sums, 0) + wasm_i32x4_extract_lane(sums, 1);
#else
    u64 a[4], b[4];
    __builtin_memcpy(a, query, 32);
    for (int j = 0; j < marker.count; j++) {
        __builtin_memcpy(b, marker.descriptor[j], 32);
        const int n = __builtin_popcountll(a[0] ^ b[0]) + __builtin_popcountll(a[1] ^ b[1]) +
                      __builtin_popcountll(a[2] ^ b[2]) + __builtin_popcountll(a[3] ^ b[3]);
#endif
        distance[j] = (u16)n;
        if (n < best) best = n, index = j;
    }
    return index;
}

/* The views of a portrait overlap, so the second best is often the same place seen again: only a
 * descriptor elsewhere on the portrait speaks against a match (Lowe's ratio, made aware of place). */
static int is_ambiguous(int best) {
    const float limit = (float)distance[best] / RATIO, x = marker.x[best], y = marker.y[best];
    for (int j = 0; j < marker.count; j++) {
        if ((float)distance[j] > limit) continue;
        const float dx = marker.x[j] - x, dy = marker.y[j] - y;
        if (dx * dx + dy * dy > SAME_PLACE * SAME_PLACE) return 1;
    }
    return 0;
}

void match_features(void) {
    match_count = 0;
    for (int i = 0; i < feature_count; i++) {
        const int best = nearest(descriptors[i]);
        if (best < 0 || distance[best] >= MAX_DISTANCE || is_ambiguous(best)) continue;
        matches[match_count++] = (Match){i, best, distance[best]};
    }
}
