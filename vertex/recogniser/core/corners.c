/* Corners of all levels: of the candidates the best by Harris (1988), spread out. */
#include "core.h"

enum { CELL = 32, SPREAD = 24 };

Feature features[MAX_FEATURES];
int feature_count;

static u32 order[MAX_CANDIDATES];

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
    if (candidate_count <= keep) {
        for (int i = 0; i < candidate_count; i++) order[i] = (u32)i;
        return candidate_count;
    }
    for (int i = 0; i < candidate_count; i++) histogram[candidates[i].score]++;
    while (limit > 0 && above + histogram[limit] <= keep) above += histogram[limit--];
    int at_limit = keep - above;
    for (int i = 0; i < candidate_count; i++) {
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
    feature_count = 0;
    for (int l = first; l < levels; l++, share /= 1.2f) total += share;
    share = 1;
    for (int l = first; l < levels; l++, share /= 1.2f) {
        find_candidates(l, threshold);
        select_features(l, (int)((float)wanted * share / total + 0.5f));
    }
}
