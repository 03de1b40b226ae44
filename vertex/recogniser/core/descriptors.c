/* 256 brightness comparisons on the smoothed patch of a corner, turned by its orientation:
 * a rotated BRIEF (Calonder et al., 2010; Rublee et al., 2011) over a seeded random pattern. */
#include "core.h"

enum { PATCH = 15, REACH = 13, POINTS = DESCRIPTOR_BYTES * 16 };

u8 descriptors[MAX_FEATURES][DESCRIPTOR_BYTES] __attribute__((aligned(16)));

static float pattern_x[POINTS], pattern_y[POINTS]; /* points 2 k and 2 k + 1 are compared */
static int pattern_ready;

static u32 xorshift(u32 *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* The sum of twelve uniform numbers less six is close to a normal deviate of sigma 1. */
static float deviate(u32 *state) {
    i32 sum = 0;
    for (int k = 0; k < 12; k++) sum += (i32)(xorshift(state) >> 16);
    return (float)(sum - 6 * 65536) / 65536.0f;
}

static void make_pattern(void) {
    u32 state = 0x5EED1234u;
    const float sigma = REACH / 2.0f, reach = REACH * REACH;
    for (int made = 0; made < POINTS;) {
        const float ax = sigma * deviate(&state), ay = sigma * deviate(&state);
        const float bx = sigma * deviate(&state), by = sigma * deviate(&state);
        if (ax * ax + ay * ay > reach || bx * bx + by * by > reach) continue;
        if ((ax - bx) * (ax - bx) + (ay - by) * (ay - by) < 4) continue;
        pattern_x[made] = ax, pattern_y[made++] = ay;
        pattern_x[made] = bx, pattern_y[made++] = by;
    }
    pattern_ready = 1;
}

/* Direction from the corner to the brightness centroid of the disc around it (Rosin, 1999). */
static void orient(Feature *f) {
    static const u8 half_width[PATCH + 1] = {15, 15, 15, 15, 14, 14, 14, 13,
                                             13, 12, 11, 10, 9,  8,  6,  3};
    const int width = level_width[f->level];
    const u8 *centre = level_pixels[f->level] + f->level_y * width + f->level_x;
    i32 mx = 0, my = 0;
    for (int x = -PATCH; x <= PATCH; x++) mx += x * centre[x];
    for (int y = 1; y <= PATCH; y++) {
        const u8 *below = centre + y * width, *above = centre - y * width;
        i32 down = 0, across = 0;
        for (int x = -half_width[y]; x <= half_width[y]; x++) {
            down += below[x] - above[x];
            across += x * (below[x] + above[x]);
        }
        mx += across;
        my += y * down;
    }
    const float x = (float)mx, y = (float)my, length = __builtin_sqrtf(x * x + y * y);
    f->cos = length < 1 ? 1 : x / length;
    f->sin = length < 1 ? 0 : y / length;
}

static void describe(const Feature *f, u8 *out) {
    static i32 offset[POINTS];
    const int width = level_width[f->level];
    const u8 *centre = smooth_pixels[f->level] + f->level_y * width + f->level_x;
    const float c = f->cos, s = f->sin;
    for (int k = 0; k < POINTS; k++) {
        const float x = __builtin_rintf(pattern_x[k] * c - pattern_y[k] * s);
        const float y = __builtin_rintf(pattern_x[k] * s + pattern_y[k] * c);
        offset[k] = (i32)y * width + (i32)x;
    }
    for (int byte = 0; byte < DESCRIPTOR_BYTES; byte++) {
        const i32 *o = offset + 16 * byte;
        u32 bits = 0;
        for (int k = 0; k < 8; k++) bits |= (u32)(centre[o[2 * k]] < centre[o[2 * k + 1]]) << k;
        out[byte] = (u8)bits;
    }
}

/* Orients and describes every feature found last; smooth_levels() must have run. */
void describe_features(void) {
    if (!pattern_ready) make_pattern();
    for (int i = 0; i < feature_count; i++) {
        orient(&features[i]);
        describe(&features[i], descriptors[i]);
    }
}
