/* For each feature and portrait, the nearest descriptor by Hamming distance, when no other place of
 * that portrait comes close. The descriptors of an album are grouped into clusters, and only the
 * clusters whose centres are nearest are searched, so that the cost grows slower than the album. */
#include "core.h"

enum {
    MAX_DISTANCE = 64, /* of 256 bits */
    NEAR = 76,         /* MAX_DISTANCE / RATIO: beyond it nothing speaks against a match */
    MAX_HITS = 1024,   /* of one feature */
    ABOUT = 10,        /* bits: as near as the nearest */
    PROBES = 8         /* clusters searched, besides one in sixteen */
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

#ifdef SIMD
typedef struct { v128_t low, high; } Query;

static inline Query load_query(const u8 *bits) {
    return (Query){wasm_v128_load(bits), wasm_v128_load(bits + 16)};
}

static inline int distance_to(const Query *query, const u8 *bits) {
    const v128_t ones = wasm_i8x16_add(
        wasm_i8x16_popcnt(wasm_v128_xor(query->low, wasm_v128_load(bits))),
        wasm_i8x16_popcnt(wasm_v128_xor(query->high, wasm_v128_load(bits + 16))));
    v128_t sums = wasm_u32x4_extadd_pairwise_u16x8(wasm_u16x8_extadd_pairwise_u8x16(ones));
    sums = wasm_i32x4_add(sums, wasm_i32x4_shuffle(sums, sums, 2, 3, 0, 1));
    return wasm_i32x4_extract_lane(sums, 0) + wasm_i32x4_extract_lane(sums, 1);
}
#else
typedef struct { u64 part[4]; } Query;

static inline Query load_query(const u8 *bits) {
    Query query;
    __builtin_memcpy(&query, bits, sizeof query);
    return query;
}

static inline int distance_to(const Query *query, const u8 *bits) {
    const Query other = load_query(bits);
    int sum = 0;
    for (int k = 0; k < 4; k++) sum += __builtin_popcountll(query->part[k] ^ other.part[k]);
    return sum;
}
#endif

static void search_range(const Query *query, u32 from, u32 to) {
    const u8 *bits = marker.descriptor + (u32)DESCRIPTOR_BYTES * from;
    for (u32 j = from; j < to; j++, bits += DESCRIPTOR_BYTES) {
        const int distance = distance_to(query, bits);
        if (distance < NEAR && hit_count < MAX_HITS)
            hits[hit_count++] = (Hit){(i32)j, distance, marker.owner[j]};
    }
}

/* Searches the clusters whose centres are nearest to the query. */
static void search_clusters(const Query *query) {
    static u16 distance[MAX_CLUSTERS];
    int histogram[257] = {0}, limit = 0, within = 0;
    const int probes = PROBES + marker.clusters / 16;
    for (int c = 0; c < marker.clusters; c++) {
        distance[c] = (u16)distance_to(query, marker.centre + DESCRIPTOR_BYTES * c);
        histogram[distance[c]]++;
    }
    while (limit < 256 && within + histogram[limit] < probes) within += histogram[limit++];
    for (int c = 0; c < marker.clusters; c++)
        if (distance[c] <= limit) search_range(query, c ? marker.end[c - 1] : 0, marker.end[c]);
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
static void keep_matches(int feature) {
    static Hit *best[MAX_PORTRAITS];
    int nearest = MAX_DISTANCE;
    for (int k = 0; k < hit_count; k++) {
        best[hits[k].portrait] = 0;
        if (hits[k].distance < nearest) nearest = hits[k].distance;
    }
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
        found[found_count++] = (Match){feature, hit->descriptor, hit->distance, hit->portrait};
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
        const Query query = load_query(descriptors[i]);
        hit_count = 0;
        if (marker.clusters) search_clusters(&query);
        else search_range(&query, 0, (u32)marker.count);
        keep_matches(i);
    }
    sort_by_portrait();
}
