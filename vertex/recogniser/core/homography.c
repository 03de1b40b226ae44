/* The portrait's homography from its matches, by RANSAC (Fischler and Bolles, 1981) that tries the
 * nearest descriptors first (PROSAC: Chum and Matas, 2005), then least squares on the inliers. */
#include "core.h"

enum { MAX_ROUNDS = 1000, MIN_MATCHES = 8, MIN_INLIERS = 12 };
static const double TOLERANCE = 4;     /* px a match may be off */
static const double HALF = MAX_SIDE / 2; /* frame px per internal unit */

static float from_x[MAX_FEATURES], from_y[MAX_FEATURES]; /* unit coordinates */
static float to_x[MAX_FEATURES], to_y[MAX_FEATURES];     /* frame px / HALF - 1 */
static float weight[MAX_FEATURES];
static u16 by_distance[MAX_FEATURES];
static u8 is_inlier[MAX_FEATURES];
static u32 random_state;
static int match_count; /* of the portrait at hand */

void multiply3(const double *a, const double *b, double *out) {
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            out[3 * i + j] = a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
}

void invert3(const double *m, double *out) {
    out[0] = m[4] * m[8] - m[5] * m[7];
    out[1] = m[2] * m[7] - m[1] * m[8];
    out[2] = m[1] * m[5] - m[2] * m[4];
    out[3] = m[5] * m[6] - m[3] * m[8];
    out[4] = m[0] * m[8] - m[2] * m[6];
    out[5] = m[2] * m[3] - m[0] * m[5];
    out[6] = m[3] * m[7] - m[4] * m[6];
    out[7] = m[1] * m[6] - m[0] * m[7];
    out[8] = m[0] * m[4] - m[1] * m[3];
}

void normalise3(double *m) {
    const double k = 1 / m[8];
    for (int i = 0; i < 9; i++) m[i] *= k;
}

/* Unit square to quadrilateral (Heckbert, 1989); 0 when the corners are in line. */
static int square_to_quad(const double *q, double *h) {
    const double sx = q[0] - q[2] + q[4] - q[6], sy = q[1] - q[3] + q[5] - q[7];
    const double ax = q[2] - q[4], bx = q[6] - q[4], ay = q[3] - q[5], by = q[7] - q[5];
    const double det = ax * by - bx * ay;
    if (absd(det) < 1e-12) return 0;
    const double g = (sx * by - bx * sy) / det, k = (ax * sy - sx * ay) / det;
    h[0] = q[2] - q[0] + g * q[2], h[1] = q[6] - q[0] + k * q[6], h[2] = q[0];
    h[3] = q[3] - q[1] + g * q[3], h[4] = q[7] - q[1] + k * q[7], h[5] = q[1];
    h[6] = g, h[7] = k, h[8] = 1;
    return 1;
}

/* The homography of one quadrilateral x0 y0 x1 y1 ... onto another, up to scale. */
int map_quad(const double *from, const double *to, double *out) {
    double a[9], b[9], inverse[9];
    if (!square_to_quad(from, a) || !square_to_quad(to, b)) return 0;
    invert3(a, inverse);
    multiply3(b, inverse, out);
    return 1;
}

/* The portrait's corners in unit coordinates, clockwise from the top left. */
void unit_corners(float aspect, double *quad) {
    const double a = aspect;
    const double corners[8] = {-a, -1, a, -1, a, 1, -a, 1};
    __builtin_memcpy(quad, corners, sizeof corners);
}

void project4(const double *h, const double *quad, double *out) {
    for (int k = 0; k < 8; k += 2) {
        const double x = quad[k], y = quad[k + 1], w = h[6] * x + h[7] * y + h[8];
        out[k] = (h[0] * x + h[1] * y + h[2]) / w;
        out[k + 1] = (h[3] * x + h[4] * y + h[5]) / w;
    }
}

/* Positive when the corners run clockwise on the screen. */
double quad_area(const double *q) {
    double twice = 0;
    for (int k = 0; k < 8; k += 2) {
        const int n = (k + 2) & 7;
        twice += q[k] * q[n + 1] - q[n] * q[k + 1];
    }
    return twice / 2;
}

/* Gaussian elimination with row pivots on n rows of n + 1; the solution replaces the last column. */
int solve(double *rows, int n) {
    const int m = n + 1;
    for (int c = 0; c < n; c++) {
        int pivot = c;
        for (int r = c + 1; r < n; r++)
            if (absd(rows[r * m + c]) > absd(rows[pivot * m + c])) pivot = r;
        if (absd(rows[pivot * m + c]) < 1e-14) return 0;
        for (int k = c; pivot != c && k < m; k++) {
            const double t = rows[pivot * m + k];
            rows[pivot * m + k] = rows[c * m + k];
            rows[c * m + k] = t;
        }
        for (int r = c + 1; r < n; r++) {
            const double f = rows[r * m + c] / rows[c * m + c];
            for (int k = c; k < m; k++) rows[r * m + k] -= f * rows[c * m + k];
        }
    }
    for (int c = n - 1; c >= 0; c--) {
        for (int k = c + 1; k < n; k++) rows[c * m + n] -= rows[c * m + k] * rows[k * m + n];
        rows[c * m + n] /= rows[c * m + c];
    }
    return 1;
}

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

/* Gauss-Newton on the reprojection error of the matches within `tolerance`. */
static int refine(double *h, double tolerance, int steps) {
    for (int step = 0; step < steps; step++) {
        double rows[8][9] = {{0}};
        int used = 0;
        normalise3(h);
        for (int i = 0; i < match_count; i++)
            used += add_match(rows, h, i, tolerance * tolerance);
        if (used < MIN_MATCHES) return 0;
        for (int r = 0; r < 8; r++)
            for (int c = 0; c < r; c++) rows[r][c] = rows[c][r];
        if (!solve(&rows[0][0], 8)) return 0;
        for (int i = 0; i < 8; i++) h[i] += rows[i][8];
    }
    return 1;
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
        const float size = level_scale[f->level] / level_scale[0];
        weight[i] = 1 / (size * size);
        starts[list[i].distance + 1]++;
    }
    for (int d = 1; d < 258; d++) starts[d] += starts[d - 1];
    for (int i = 0; i < match_count; i++) by_distance[starts[list[i].distance]++] = (u16)i;
}

static u32 random_below(u32 n) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state % n;
}

static double turn(const double *p, int a, int b, int c) {
    return (p[2 * b] - p[2 * a]) * (p[2 * c + 1] - p[2 * a + 1]) -
           (p[2 * b + 1] - p[2 * a + 1]) * (p[2 * c] - p[2 * a]);
}

/* Draws four matches of the nearest `pool` and maps them; 0 when they cannot be a front view. */
static int draw_homography(int pool, double *h) {
    static const u8 triples[4][3] = {{0, 1, 2}, {0, 1, 3}, {0, 2, 3}, {1, 2, 3}};
    int drawn[4];
    double from[8], to[8];
    for (int k = 0; k < 4; k++) {
        drawn[k] = by_distance[random_below((u32)pool)];
        for (int j = 0; j < k; j++)
            if (drawn[j] == drawn[k]) return 0;
        from[2 * k] = from_x[drawn[k]], from[2 * k + 1] = from_y[drawn[k]];
        to[2 * k] = to_x[drawn[k]], to[2 * k + 1] = to_y[drawn[k]];
    }
    for (int k = 0; k < 4; k++) {
        const u8 *t = triples[k];
        const double a = turn(from, t[0], t[1], t[2]), b = turn(to, t[0], t[1], t[2]);
        if (a * b <= 0 || absd(a) < 2e-3) return 0;
    }
    if (!map_quad(from, to, h)) return 0;
    if (h[6] * from[0] + h[7] * from[1] + h[8] < 0)
        for (int i = 0; i < 9; i++) h[i] = -h[i];
    return h[8] > 0;
}

/* The best homography of the rounds in h, and how many matches agree with it. */
static int search(double *h) {
    const double tolerance = TOLERANCE / HALF;
    const float limit = (float)(tolerance * tolerance);
    int best = 0, rounds = MAX_ROUNDS;
    random_state = 12345;
    for (int round = 0; round < rounds; round++) {
        double trial[9], better[9];
        int pool = 12 + round * match_count / (MAX_ROUNDS / 2);
        if (pool > match_count) pool = match_count;
        if (!draw_homography(pool, trial)) continue;
        int inliers = count_inliers(trial, limit, 0);
        if (inliers <= best) continue;
        __builtin_memcpy(better, trial, sizeof trial);
        if (inliers >= MIN_MATCHES && refine(better, tolerance * 1.5, 2)) {
            const int refined = count_inliers(better, limit, 0);
            if (refined >= inliers) {
                inliers = refined;
                __builtin_memcpy(trial, better, sizeof trial);
            }
        }
        best = inliers;
        __builtin_memcpy(h, trial, sizeof trial);
        /* rounds after which four inliers were drawn once with 99 %: log(0.01) / log(1 - share^4) */
        const double share = (double)best / match_count;
        const double enough = 4.6 / (share * share * share * share) + 20;
        if (enough < rounds) rounds = (int)enough;
    }
    return best;
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
    double h[9];
    load_matches(portrait);
    if (match_count < MIN_MATCHES || search(h) < MIN_INLIERS) return 0;
    const double tolerance = TOLERANCE / HALF;
    if (!refine(h, tolerance * 1.5, 4) || !refine(h, tolerance, 4)) return 0;
    const int inliers = count_inliers(h, (float)(tolerance * tolerance), is_inlier);
    if (inliers < MIN_INLIERS) return 0;
    const double half = HALF * level_scale[0];
    const double to_px[9] = {half, 0, half, 0, half, half, 0, 0, 1};
    multiply3(to_px, h, unit_to_frame);
    normalise3(unit_to_frame);
    return is_plausible(unit_to_frame, marker.portrait[portrait].aspect) ? inliers : 0;
}
