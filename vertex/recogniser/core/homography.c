/* The portrait's homography from its matches. A descriptor knows in which view of the portrait and at
 * which angle it was made, so each match alone says how the portrait would lie in the frame (as in the
 * verification of SIFT: Lowe, 2004). The guess that most other matches agree with is refined by least
 * squares, under a tolerance that tightens while the guess grows from affine to projective. */
#include "core.h"

enum {
    MIN_MATCHES = 7, MIN_INLIERS = 8,
    GUESSES = 300,     /* nearest matches that each make a guess */
    GLANCES = 60,      /* of these, to rank the portraits of an album */
    BEST = 6,          /* guesses that are refined */
    PLENTY = 40        /* matches that agree: nothing better need be sought */
};
static const double TOLERANCE = 4;       /* px a match may be off */
static const double HALF = MAX_SIDE / 2; /* frame px per internal unit */
/* How reluctantly a homography leaves the affine: few matches on one side say nothing of the far
 * side. Two px of noise against a perspective of 0.2, squared, both in internal units. */
static const double STIFF = (2 / 320.0) * (2 / 320.0) / (0.2 * 0.2);
static const float NEAR_OFF = 10;        /* px a match may be off a guess, */
static const float FAR_OFF = 0.25f;      /* and part of its distance from the match behind it */
static const float SAME_SIZE = 1.7f;     /* ratio of areas, to count as of the same size */
static const float SAME_TURN = 0.9f;     /* cosine between two turns */

/* How the portrait would lie in the frame if a match were true: an affine map about its place. */
typedef struct {
    float a, b, c, d;    /* internal units of the frame by unit coordinates */
    float cos, sin, size;
} Guess;

static float from_x[MAX_FEATURES], from_y[MAX_FEATURES]; /* unit coordinates */
static float to_x[MAX_FEATURES], to_y[MAX_FEATURES];     /* frame px / HALF - 1 */
static float weight[MAX_FEATURES];
static Guess guesses[MAX_FEATURES];
static u16 by_distance[MAX_FEATURES];
static u8 is_inlier[MAX_FEATURES];
static int match_count; /* of the portrait at hand */

/* Counts the matches that h maps to within sqrt(limit); marks them when mask is given. */
static int count_inliers(const double *h, float limit, u8 *mask) {
    float m[9];
    int inliers = 0;
    for (int i = 0; i < 9; i++) m[i] = (float)h[i];
    for (int i = 0; i < match_count; i++) {
        const float x = from_x[i], y = from_y[i], w = m[6] * x + m[7] * y + m[8];
        const float u = m[0] * x + m[1] * y + m[2] - to_x[i] * w;
        const float v = m[3] * x + m[4] * y + m[5] - to_y[i] * w;
        const int close = (u * u + v * v < limit * w * w) & (w > 0);
        if (mask) mask[i] = (u8)close;
        inliers += close;
    }
    return inliers;
}

/* Adds one match to the normal equations of a Gauss-Newton step; 0 when it is too far off. */
static int add_match(double rows[8][9], const double *h, int i, double limit) {
    const double x = from_x[i], y = from_y[i], w = h[6] * x + h[7] * y + 1;
    if (w < 1e-6) return 0;
    const double iw = 1 / w;
    const double u = (h[0] * x + h[1] * y + h[2]) * iw, v = (h[3] * x + h[4] * y + h[5]) * iw;
    const double eu = to_x[i] - u, ev = to_y[i] - v, error = eu * eu + ev * ev;
    if (error > limit) return 0;
    const double z = 1 - error / limit, scale = z * z * weight[i]; /* Tukey's biweight */
    const double ju[8] = {x * iw, y * iw, iw, 0, 0, 0, -x * u * iw, -y * u * iw};
    const double jv[8] = {0, 0, 0, x * iw, y * iw, iw, -x * v * iw, -y * v * iw};
    for (int r = 0; r < 8; r++) {
        for (int c = r; c < 8; c++) rows[r][c] += scale * (ju[r] * ju[c] + jv[r] * jv[c]);
        rows[r][8] += scale * (ju[r] * eu + jv[r] * ev);
    }
    return 1;
}

/* Least squares of an affine map on the matches marked as inliers, those far off counting less. */
static int refine_affine(double *h, int steps) {
    for (int step = 0; step < steps; step++) {
        double rows[2][3][4] = {{{0}}};
        for (int i = 0; i < match_count; i++) {
            if (!is_inlier[i]) continue;
            const double at[3] = {from_x[i], from_y[i], 1}, to[2] = {to_x[i], to_y[i]};
            const double u = h[0] * at[0] + h[1] * at[1] + h[2] - to[0];
            const double v = h[3] * at[0] + h[4] * at[1] + h[5] - to[1];
            const double w = 1 / (1 + (u * u + v * v) * (HALF * HALF / 400));
            for (int axis = 0; axis < 2; axis++)
                for (int r = 0; r < 3; r++) {
                    for (int c = 0; c < 3; c++) rows[axis][r][c] += w * at[r] * at[c];
                    rows[axis][r][3] += w * at[r] * to[axis];
                }
        }
        if (!solve(&rows[0][0][0], 3) || !solve(&rows[1][0][0], 3)) return 0;
        for (int k = 0; k < 6; k++) h[k] = rows[k / 3][k % 3][3];
    }
    return 1;
}

/* Gauss-Newton on the reprojection error of the matches within `tolerance`. */
static int refine(double *h, double tolerance, int steps) {
    for (int step = 0; step < steps; step++) {
        double rows[8][9] = {{0}};
        int used = 0;
        normalise3(h);
        for (int i = 0; i < match_count; i++)
            used += add_match(rows, h, i, tolerance * tolerance);
        if (used < MIN_MATCHES) return 0;
        for (int r = 6; r < 8; r++) {
            rows[r][r] += STIFF;
            rows[r][8] -= STIFF * h[r];
        }
        for (int r = 0; r < 8; r++)
            for (int c = 0; c < r; c++) rows[r][c] = rows[c][r];
        if (!solve(&rows[0][0], 8)) return 0;
        for (int i = 0; i < 8; i++) h[i] += rows[i][8];
    }
    return 1;
}

/* What one match says: from the view's pixels turned upright to the frame's. */
static Guess guess_of(const Feature *feature, int descriptor) {
    const float size = level_scale[feature->level] / (float)(HALF * level_scale[0]);
    float view[4], cos, sin;
    view_of(descriptor, view, &cos, &sin);
    /* frame turn less view turn */
    const float c = (feature->cos * cos + feature->sin * sin) * size;
    const float s = (feature->sin * cos - feature->cos * sin) * size;
    Guess g = {.a = c * view[0] - s * view[2], .b = c * view[1] - s * view[3],
               .c = s * view[0] + c * view[2], .d = s * view[1] + c * view[3]};
    g.size = g.a * g.d - g.b * g.c;
    const float x = g.a + g.d, y = g.c - g.b, length = __builtin_sqrtf(x * x + y * y) + 1e-9f;
    g.cos = x / length;
    g.sin = y / length;
    return g;
}

static void load_matches(int portrait) {
    const Match *list = matches + match_start[portrait];
    int starts[258] = {0};
    const float scale = 1 / (float)(HALF * level_scale[0]);
    match_count = match_start[portrait + 1] - match_start[portrait];
    if (match_count > MAX_FEATURES) match_count = MAX_FEATURES;
    for (int i = 0; i < match_count; i++) {
        const Feature *f = &features[list[i].feature];
        place_of(list[i].descriptor, &from_x[i], &from_y[i]);
        to_x[i] = f->x * scale - 1;
        to_y[i] = f->y * scale - 1;
        guesses[i] = guess_of(f, list[i].descriptor);
        const float size = level_scale[f->level] / level_scale[0];
        weight[i] = 1 / (size * size);
        starts[list[i].distance + 1]++;
    }
    for (int d = 1; d < 258; d++) starts[d] += starts[d - 1];
    for (int i = 0; i < match_count; i++) by_distance[starts[list[i].distance]++] = (u16)i;
}

/* True when match i lies where guess k would have it, of like size and turn. */
static int agrees(int i, int k) {
    const Guess *g = &guesses[k], *other = &guesses[i];
    if (other->size > g->size * SAME_SIZE || g->size > other->size * SAME_SIZE) return 0;
    if (g->cos * other->cos + g->sin * other->sin < SAME_TURN) return 0;
    const float dx = from_x[i] - from_x[k], dy = from_y[i] - from_y[k];
    const float px = g->a * dx + g->b * dy, py = g->c * dx + g->d * dy;
    const float ex = to_x[i] - to_x[k] - px, ey = to_y[i] - to_y[k] - py;
    const float off = NEAR_OFF / (float)HALF + FAR_OFF * __builtin_sqrtf(px * px + py * py);
    return ex * ex + ey * ey < off * off;
}

/* How many of a portrait's matches agree with the best of its nearest: cheap, to rank an album. */
int agreeing_matches(int portrait) {
    int most = 0;
    load_matches(portrait);
    for (int n = 0; n < match_count && n < GLANCES; n++) {
        int votes = 0;
        for (int i = 0; i < match_count; i++) votes += agrees(i, by_distance[n]);
        if (votes > most) most = votes;
    }
    return most;
}

/* The guesses most matches agree with, best first; returns how many. */
static int best_guesses(int *best) {
    int agreed[BEST], count = 0;
    for (int n = 0; n < match_count && n < GUESSES; n++) {
        const int k = by_distance[n];
        int votes = 0, at;
        for (int i = 0; i < match_count; i++) votes += agrees(i, k);
        if (votes < MIN_MATCHES) continue;
        at = count < BEST ? count++ : BEST;
        for (; at > 0 && agreed[at - 1] < votes; at--)
            if (at < BEST) agreed[at] = agreed[at - 1], best[at] = best[at - 1];
        if (at < BEST) agreed[at] = votes, best[at] = k;
        if (votes >= PLENTY && 3 * votes > match_count) break;
    }
    return count;
}

/* Grows a guess to a homography: first its own matches, then whatever comes close. */
static int grow(int k, double *h) {
    const Guess *g = &guesses[k];
    const double start[9] = {g->a, g->b, to_x[k] - g->a * from_x[k] - g->b * from_y[k],
                             g->c, g->d, to_y[k] - g->c * from_x[k] - g->d * from_y[k], 0, 0, 1};
    static const double tolerances[4] = {8, 4, 2, 1.5};
    __builtin_memcpy(h, start, sizeof start);
    for (int i = 0; i < match_count; i++) is_inlier[i] = (u8)agrees(i, k);
    if (!refine_affine(h, 2)) return 0;
    for (int step = 0; step < 4; step++)
        if (!refine(h, tolerances[step] * TOLERANCE / HALF, 2)) return 0;
    return 1;
}

static double turn(const double *p, int a, int b, int c) {
    return (p[2 * b] - p[2 * a]) * (p[2 * c + 1] - p[2 * a + 1]) -
           (p[2 * b + 1] - p[2 * a + 1]) * (p[2 * c] - p[2 * a]);
}

/* A portrait seen from the front is convex, the right way round, neither a speck nor boundless,
 * and its inliers do not sit on one spot. */
static int is_plausible(const double *unit_to_frame, float aspect) {
    double corners[8], quad[8];
    unit_corners(aspect, corners);
    for (int k = 0; k < 8; k += 2)
        if (unit_to_frame[6] * corners[k] + unit_to_frame[7] * corners[k + 1] +
                unit_to_frame[8] < 1e-3)
            return 0;
    project4(unit_to_frame, corners, quad);
    for (int k = 0; k < 4; k++)
        if (turn(quad, k, (k + 1) & 3, (k + 2) & 3) < 50) return 0;
    const double unit = level_scale[0] * level_scale[0], area = quad_area(quad) / unit;
    if (area < 900 || area > 4e6) return 0;
    float left = 9, right = -9, top = 9, bottom = -9;
    for (int i = 0; i < match_count; i++) {
        if (!is_inlier[i]) continue;
        left = from_x[i] < left ? from_x[i] : left;
        right = from_x[i] > right ? from_x[i] : right;
        top = from_y[i] < top ? from_y[i] : top;
        bottom = from_y[i] > bottom ? from_y[i] : bottom;
    }
    return right - left >= 0.2f && bottom - top >= 0.2f;
}

/* Estimates unit coordinates -> frame px from a portrait's matches; returns the inliers, 0 when it
 * is not plausibly there. */
int estimate_homography(int portrait, double *unit_to_frame) {
    const double tolerance = TOLERANCE / HALF;
    const float limit = (float)(tolerance * tolerance);
    double h[9], trial[9];
    int best[BEST], inliers = 0;
    load_matches(portrait);
    const int guessed = best_guesses(best);
    for (int k = 0; k < guessed; k++) {
        if (!grow(best[k], trial)) continue;
        const int agreed = count_inliers(trial, limit, 0);
        if (agreed <= inliers) continue;
        inliers = agreed;
        __builtin_memcpy(h, trial, sizeof h);
        if (inliers >= PLENTY) break;
    }
    if (inliers < MIN_INLIERS || !refine(h, tolerance, 4)) return 0;
    inliers = count_inliers(h, limit, is_inlier);
    if (inliers < MIN_INLIERS) return 0;
    const double half = HALF * level_scale[0];
    const double to_px[9] = {half, 0, half, 0, half, half, 0, 0, 1};
    multiply3(to_px, h, unit_to_frame);
    normalise3(unit_to_frame);
    return is_plausible(unit_to_frame, marker.portrait[portrait].aspect) ? inliers : 0;
}
