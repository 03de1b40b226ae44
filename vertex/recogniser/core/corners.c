/* Corners of all levels: FAST-9 (Rosten and Drummond, 2006), the best by Harris (1988), spread out. */
#include "core.h"

enum {
    MAX_CANDIDATES = 65536,
    CELL = 32,
    SPREAD = 24,
    LEAST_THRESHOLD = 4, /* of FAST, in grey levels */
    MOST_THRESHOLD = 30,
    SAMPLED = 8,         /* one row in so many */
    IN_ROWS = 2          /* points that are greatest in their row, for one that is all around */
};

typedef struct {
    u16 x, y;
    u8 score;
    float strength;
} Candidate;

Feature features[MAX_FEATURES];
int feature_count, candidate_count;

static u8 scores[MAX_SIDE * MAX_SIDE + 64];
static Candidate candidates[MAX_CANDIDATES];
static u32 order[MAX_CANDIDATES];
static int count; /* candidates of the level at hand */

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
        if (!*p || count == MAX_CANDIDATES) continue;
        if (*p < p[-1] || *p <= p[1] || *p < p[-width - 1] || *p < p[-width] ||
            *p < p[-width + 1] || *p <= p[width - 1] || *p <= p[width] || *p <= p[width + 1])
            continue;
        candidates[count++] = (Candidate){(u16)x, (u16)y, *p, 0};
    }
}

static void find_candidates(int level, int threshold) {
    const int width = level_width[level], height = level_height[level];
    const int right = width - BORDER, bottom = height - BORDER;
    count = 0;
    if (right <= BORDER || bottom <= BORDER) return;
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
    while (threshold > LEAST_THRESHOLD && above * SAMPLED < IN_ROWS * aim) above += histogram[threshold--];
    return threshold;
}

/* Harris response from Sobel gradients summed over 7 x 7 px; the sums are exact integers. */
static float harris(const u8 *pixels, int width, int x, int y) {
    i32 xx = 0, xy = 0, yy = 0;
#ifdef SIMD
    const v128_t seven = wasm_i16x8_const(-1, -1, -1, -1, -1, -1, -1, 0);
    v128_t sxx = wasm_i32x4_const_splat(0), sxy = sxx, syy = sxx;
#define ROW8(p) wasm_u16x8_load8x8(p)
    for (int j = -3; j <= 3; j++) {
        const u8 *r = pixels + (y + j) * width + x - 3, *up = r - width, *down = r + width;
        v128_t ul = ROW8(up - 1), u = ROW8(up), ur = ROW8(up + 1);
        v128_t dl = ROW8(down - 1), d = ROW8(down), dr = ROW8(down + 1);
        v128_t gx = wasm_i16x8_add(
            wasm_i16x8_add(wasm_i16x8_sub(ur, ul), wasm_i16x8_sub(dr, dl)),
            wasm_i16x8_shl(wasm_i16x8_sub(ROW8(r + 1), ROW8(r - 1)), 1));
        v128_t gy = wasm_i16x8_add(
            wasm_i16x8_add(wasm_i16x8_sub(dl, ul), wasm_i16x8_sub(dr, ur)),
            wasm_i16x8_shl(wasm_i16x8_sub(d, u), 1));
        gx = wasm_v128_and(gx, seven);
        gy = wasm_v128_and(gy, seven);
        sxx = wasm_i32x4_add(sxx, wasm_i32x4_dot_i16x8(gx, gx));
        sxy = wasm_i32x4_add(sxy, wasm_i32x4_dot_i16x8(gx, gy));
        syy = wasm_i32x4_add(syy, wasm_i32x4_dot_i16x8(gy, gy));
    }
#define SUM4(v) (wasm_i32x4_extract_lane(v, 0) + wasm_i32x4_extract_lane(v, 1) + \
                 wasm_i32x4_extract_lane(v, 2) + wasm_i32x4_extract_lane(v, 3))
    xx = SUM4(sxx), xy = SUM4(sxy), yy = SUM4(syy);
#else
    for (int j = -3; j <= 3; j++)
        for (int i = -3; i <= 3; i++) {
            const u8 *r = pixels + (y + j) * width + x + i, *up = r - width, *down = r + width;
            const int gx = up[1] - up[-1] + down[1] - down[-1] + 2 * (r[1] - r[-1]);
            const int gy = down[-1] - up[-1] + down[1] - up[1] + 2 * (down[0] - up[0]);
            xx += gx * gx;
            xy += gx * gy;
            yy += gy * gy;
        }
#endif
    const float a = (float)xx, b = (float)xy, c = (float)yy, trace = a + c;
    return a * c - b * b - 0.04f * trace * trace;
}

/* Leaves in order[] the indices of the best `keep` candidates by FAST score; returns how many. */
static int keep_by_score(int keep) {
    int histogram[256] = {0}, limit = 255, above = 0, kept = 0;
    if (count <= keep) {
        for (int i = 0; i < count; i++) order[i] = (u32)i;
        return count;
    }
    for (int i = 0; i < count; i++) histogram[candidates[i].score]++;
    while (limit > 0 && above + histogram[limit] <= keep) above += histogram[limit--];
    int at_limit = keep - above;
    for (int i = 0; i < count; i++) {
        const int score = candidates[i].score;
        if (score > limit || (score == limit && at_limit-- > 0)) order[kept++] = (u32)i;
    }
    return kept;
}

static void sift_down(int n, int i) {
    for (int child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n &&
            candidates[order[child + 1]].strength < candidates[order[child]].strength)
            child++;
        if (candidates[order[child]].strength >= candidates[order[i]].strength) return;
        const u32 t = order[child];
        order[child] = order[i];
        order[i] = t;
    }
}

/* Heap sort of order[], strongest first. */
static void sort_by_strength(int n) {
    for (int i = n / 2 - 1; i >= 0; i--) sift_down(n, i);
    for (int end = n - 1; end > 0; end--) {
        const u32 t = order[0];
        order[0] = order[end];
        order[end] = t;
        sift_down(end, 0);
    }
}

/* Takes the strongest `wanted` of a level. No cell of 32 px may hold more than SPREAD times its
 * share: a tighter cap starves small prints, which live in few cells. */
static void select_features(int level, int wanted) {
    static u16 in_cell[(MAX_SIDE / CELL + 1) * (MAX_SIDE / CELL + 1)];
    const int width = level_width[level], height = level_height[level];
    const int across = (width + CELL - 1) / CELL, cells = across * ((height + CELL - 1) / CELL);
    const int cap = (wanted * SPREAD + cells - 1) / cells;
    const int n = keep_by_score(wanted * 5 / 2);
    for (int i = 0; i < n; i++) {
        Candidate *c = &candidates[order[i]];
        c->strength = harris(level_pixels[level], width, c->x, c->y);
    }
    sort_by_strength(n);
    __builtin_memset(in_cell, 0, sizeof in_cell);
    const float scale = level_scale[level];
    for (int i = 0, taken = 0; i < n && taken < wanted && feature_count < MAX_FEATURES; i++) {
        const Candidate *c = &candidates[order[i]];
        u16 *cell = &in_cell[c->y / CELL * across + c->x / CELL];
        if (*cell >= cap) continue;
        ++*cell;
        ++taken;
        features[feature_count++] = (Feature){.x = ((float)c->x + 0.5f) * scale,
                                              .y = ((float)c->y + 0.5f) * scale,
                                              .strength = c->strength, .level = level,
                                              .level_x = c->x, .level_y = c->y};
    }
}

/* Fills features[] with up to `wanted` corners of the levels first..levels-1; a level's share
 * falls with its side (1/1.2 a level), as in ORB (Rublee et al., 2011). */
void find_corners(int wanted, int first, int levels, int threshold) {
    float share = 1, total = 0;
    feature_count = candidate_count = 0;
    for (int l = first; l < levels; l++, share /= 1.2f) total += share;
    share = 1;
    for (int l = first; l < levels; l++, share /= 1.2f) {
        find_candidates(l, threshold);
        candidate_count += count;
        select_features(l, (int)((float)wanted * share / total + 0.5f));
    }
}
