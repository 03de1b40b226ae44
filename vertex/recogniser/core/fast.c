/* Candidates for corners: FAST-9 (Rosten and Drummond, 2006), the greatest among their neighbours. */
#include "core.h"

enum {
    LEAST_THRESHOLD = 4, /* in grey levels */
    MOST_THRESHOLD = 30,
    SAMPLED = 8,         /* one row in so many */
    IN_ROWS = 2          /* points that are greatest in their row, for one that is all around */
};

Candidate candidates[MAX_CANDIDATES];
int candidate_count;

static int ring[16]; /* offsets of the circle of radius 3 */

static void set_ring(int width) {
    static const signed char dx[16] = {0, 1, 2, 3, 3, 3, 2, 1, 0, -1, -2, -3, -3, -3, -2, -1};
    static const signed char dy[16] = {-3, -3, -2, -1, 0, 1, 2, 3, 3, 3, 2, 1, 0, -1, -2, -3};
    for (int k = 0; k < 16; k++) ring[k] = dy[k] * width + dx[k];
}

#ifdef SIMD
/* The FAST score of 16 pixels at once: over all arcs of nine, the greatest least difference. Two
 * neighbouring arcs of nine share eight points: the better of the two has the better of the ends. */
static v128_t arc_scores(const u8 *p, v128_t centre) {
    v128_t v[16], low[8], high[8], bright = wasm_i8x16_const_splat(0), dark = wasm_u8x16_const_splat(255);
    for (int k = 0; k < 16; k++) v[k] = wasm_v128_load(p + ring[k]);
    for (int k = 0; k < 8; k++) {
        low[k] = wasm_u8x16_min(v[2 * k + 1], v[(2 * k + 2) & 15]);
        high[k] = wasm_u8x16_max(v[2 * k + 1], v[(2 * k + 2) & 15]);
    }
    for (int k = 0; k < 8; k++) {
        const int b = (k + 1) & 7, c = (k + 2) & 7, d = (k + 3) & 7;
        const v128_t first = v[2 * k], last = v[(2 * k + 9) & 15];
        const v128_t least = wasm_u8x16_min(wasm_u8x16_min(low[k], low[b]), wasm_u8x16_min(low[c], low[d]));
        const v128_t most = wasm_u8x16_max(wasm_u8x16_max(high[k], high[b]), wasm_u8x16_max(high[c], high[d]));
        bright = wasm_u8x16_max(bright, wasm_u8x16_min(least, wasm_u8x16_max(first, last)));
        dark = wasm_u8x16_min(dark, wasm_u8x16_max(most, wasm_u8x16_min(first, last)));
    }
    return wasm_u8x16_max(wasm_u8x16_sub_sat(bright, centre), wasm_u8x16_sub_sat(centre, dark));
}

/* An arc of nine holds a point of each opposite pair, so what two pairs at right angles differ by
 * bounds the score. */
static int may_be_corners(const u8 *p, v128_t centre, v128_t threshold) {
    v128_t n = wasm_v128_load(p + ring[0]), e = wasm_v128_load(p + ring[4]);
    v128_t s = wasm_v128_load(p + ring[8]), w = wasm_v128_load(p + ring[12]);
    v128_t bright = wasm_u8x16_sub_sat(
        wasm_u8x16_min(wasm_u8x16_max(n, s), wasm_u8x16_max(e, w)), centre);
    v128_t dark = wasm_u8x16_sub_sat(
        centre, wasm_u8x16_max(wasm_u8x16_min(n, s), wasm_u8x16_min(e, w)));
    return wasm_v128_any_true(wasm_u8x16_sub_sat(wasm_u8x16_max(bright, dark), threshold));
}

static void score_row(const u8 *in, u8 *out, int from, int to, int threshold) {
    const v128_t limit = wasm_u8x16_splat((u8)threshold);
    for (int x = from; x < to; x += 16) {
        v128_t centre = wasm_v128_load(in + x);
        if (!may_be_corners(in + x, centre, limit)) continue;
        v128_t best = arc_scores(in + x, centre);
        best = wasm_v128_and(best, wasm_u8x16_gt(best, limit));
        if (wasm_v128_any_true(best)) wasm_v128_store(out + x, best);
    }
    for (int x = to; x < to + 16; x++) out[x] = 0;
}
#else
static inline int least_of(int a, int b) { return a < b ? a : b; }
static inline int most_of(int a, int b) { return a > b ? a : b; }

static int arc_score(const u8 *p) {
    int v[16], low[8], high[8], low_four[8], high_four[8], bright = 0, dark = 255;
    for (int k = 0; k < 16; k++) v[k] = p[ring[k]];
    for (int k = 0; k < 8; k++) {
        low[k] = least_of(v[2 * k + 1], v[(2 * k + 2) & 15]);
        high[k] = most_of(v[2 * k + 1], v[(2 * k + 2) & 15]);
    }
    for (int k = 0; k < 8; k++) {
        low_four[k] = least_of(low[k], low[(k + 1) & 7]);
        high_four[k] = most_of(high[k], high[(k + 1) & 7]);
    }
    for (int k = 0; k < 8; k++) {
        const int first = v[2 * k], last = v[(2 * k + 9) & 15];
        const int least = least_of(low_four[k], low_four[(k + 2) & 7]);
        const int most = most_of(high_four[k], high_four[(k + 2) & 7]);
        bright = most_of(bright, least_of(least, most_of(first, last)));
        dark = least_of(dark, most_of(most, least_of(first, last)));
    }
    return most_of(bright - *p, *p - dark);
}

/* True when nine neighbouring bits of the sixteen are set. */
static int has_arc(u32 bits) {
    u32 run = bits | bits << 16, start = run & run >> 1;
    start &= start >> 2;
    start &= start >> 4;
    return (start & run >> 8 & 0xffff) != 0;
}

static void score_row(const u8 *in, u8 *out, int from, int to, int threshold) {
    for (int x = from; x < to; x++) {
        const u8 *p = in + x;
        const int high = *p + threshold, low = *p - threshold;
        const int n = p[ring[0]], s = p[ring[8]];
        const u32 alike = 2 * (u32)threshold; /* the range between low and high */
        if ((u32)(n - low) <= alike && (u32)(s - low) <= alike) continue;
        const int e = p[ring[4]], w = p[ring[12]];
        if (!(((n > high) | (s > high)) & ((e > high) | (w > high))) &&
            !(((n < low) | (s < low)) & ((e < low) | (w < low))))
            continue;
        u32 bright = 0, dark = 0;
        for (int k = 0; k < 16; k++) {
            const int v = p[ring[k]];
            bright |= (u32)(v > high) << k;
            dark |= (u32)(v < low) << k;
        }
        if (has_arc(bright) || has_arc(dark)) out[x] = (u8)arc_score(p);
    }
}
#endif

static inline int is_empty(const u8 *eight) {
    u64 v;
    __builtin_memcpy(&v, eight, sizeof v);
    return v == 0;
}

/* Keeps the scores that are greatest among their eight neighbours; ties go to one of the two. */
static void collect_row(const u8 *s, int width, int y, int from, int to) {
    for (int x = from; x < to; x++) {
        if (((x - from) & 7) == 0) {
            while (x < to && is_empty(s + x)) x += 8;
            if (x >= to) break;
        }
        const u8 *p = s + x;
        if (!*p || candidate_count == MAX_CANDIDATES) continue;
        if (*p < p[-1] || *p <= p[1] || *p < p[-width - 1] || *p < p[-width] ||
            *p < p[-width + 1] || *p <= p[width - 1] || *p <= p[width] || *p <= p[width + 1])
            continue;
        candidates[candidate_count++] = (Candidate){(u16)x, (u16)y, *p, 0};
    }
}

/* Fills candidates[] from one level. */
void find_candidates(int level, int threshold) {
    const int width = level_width[level], height = level_height[level];
    const int right = width - BORDER, bottom = height - BORDER;
    candidate_count = 0;
    if (right <= BORDER || bottom <= BORDER) return;
    u8 *scores = smooth_pixels[0];
    set_ring(width);
    __builtin_memset(scores, 0, (unsigned)(width * height + 32));
    for (int y = BORDER; y < bottom; y++)
        score_row(level_pixels[level] + y * width, scores + y * width, BORDER, right, threshold);
    for (int y = BORDER; y < bottom; y++) collect_row(scores + y * width, width, y, BORDER, right);
}

/* The FAST threshold above which about `aim` candidates lie, from a sample of the rows: sensors' noise
 * and grain would give tens of thousands at a low one, and only the strongest are kept in the end. */
int choose_threshold(int aim, int first, int levels) {
    int histogram[256] = {0}, threshold = MOST_THRESHOLD, above = 0;
    u8 *scores = smooth_pixels[0];
    for (int l = first; l < levels; l++) {
        const int width = level_width[l], right = width - BORDER, bottom = level_height[l] - BORDER;
        if (right <= BORDER || bottom <= BORDER) continue;
        set_ring(width);
        for (int y = BORDER + SAMPLED / 2; y < bottom; y += SAMPLED) {
            __builtin_memset(scores, 0, (unsigned)(width + 32));
            score_row(level_pixels[l] + y * width, scores, BORDER, right, LEAST_THRESHOLD);
            for (int x = BORDER; x < right; x++)
                histogram[scores[x] > scores[x - 1] && scores[x] >= scores[x + 1] ? scores[x] : 0]++;
        }
    }
    for (int s = 255; s > MOST_THRESHOLD; s--) above += histogram[s];
    while (threshold > LEAST_THRESHOLD && above * SAMPLED < IN_ROWS * aim)
        above += histogram[threshold--];
    return threshold;
}
