/* Brings a homography to a tenth of a pixel by aligning the portrait itself with the frame: inverse
 * compositional Gauss-Newton (Baker and Matthews, 2004) over eight homography parameters, gain and
 * bias, with robust weights, on three template sizes from coarse to fine. */
#include "core.h"

enum {
    MAX_POINTS = 768,
    PARAMETERS = 10,  /* 8 of the homography, gain, bias */
    COLUMNS = 12,     /* padded to whole vectors */
    STEPS = 6,
    MIN_POINTS = 60,
    MIN_GRADIENT = 36 /* squared, over two px: flatter points say nothing */
};

typedef struct {
    int count;
    float height; /* px of the portrait's height at this size */
    float x[MAX_POINTS], y[MAX_POINTS];        /* unit coordinates */
    float jacobian[MAX_POINTS][COLUMNS];       /* by homography parameter, then value and 1 */
} Template;

static Template templates[TEMPLATES];
static float value[MAX_POINTS]; /* frame brightness under each point, below 0 when outside */
static float residual[MAX_POINTS];

/* Adds the strongest gradient of a block of side `block` at (left, top), unless it is flat. */
static void add_point(Template *t, const u8 *pixels, int width, float full_width, int left, int top,
                      int block) {
    int best = MIN_GRADIENT - 1, x = -1, y = 0;
    for (int j = top; j < top + block; j++)
        for (int i = left; i < left + block; i++) {
            const u8 *p = pixels + j * width + i;
            const int gx = p[1] - p[-1], gy = p[width] - p[-width], g = gx * gx + gy * gy;
            if (g > best) best = g, x = i, y = j;
        }
    if (x < 0 || t->count == MAX_POINTS) return;
    const u8 *p = pixels + y * width + x;
    const float half = t->height / 2;
    const float u = (((float)x + 0.5f) / full_width * 2 - 1) * marker.aspect;
    const float v = ((float)y + 0.5f) / t->height * 2 - 1;
    const float gx = (float)(p[1] - p[-1]) * 0.5f * half;
    const float gy = (float)(p[width] - p[-width]) * 0.5f * half;
    const float row[COLUMNS] = {gx * u, gx * v, gx, gy * u, gy * v, gy,
                                -(gx * u + gy * v) * u, -(gx * u + gy * v) * v, *p, 1, 0, 0};
    __builtin_memcpy(t->jacobian[t->count], row, sizeof row);
    t->x[t->count] = u;
    t->y[t->count++] = v;
}

static void halve(const u8 *in, int width, int height, u8 *out) {
    for (int y = 0; y + 1 < height; y += 2)
        for (int x = 0; x + 1 < width; x += 2) {
            const u8 *p = in + y * width + x;
            *out++ = (u8)((p[0] + p[1] + p[width] + p[width + 1] + 2) >> 2);
        }
}

/* Chooses the points of all template sizes and computes their Jacobians once. */
void set_template(const u8 *pixels, int width, int height) {
    static u8 half[MAX_TEMPLATE / 4], quarter[MAX_TEMPLATE / 16];
    const u8 *levels[TEMPLATES] = {pixels, half, quarter};
    const float full_width = (float)width, full_height = (float)height;
    halve(pixels, width, height, half);
    halve(half, width / 2, height / 2, quarter);
    for (int t = 0; t < TEMPLATES; t++, width /= 2, height /= 2) {
        const int block = 8 >> t;
        const float part = (float)(1 << t);
        templates[t].count = 0;
        templates[t].height = full_height / part;
        for (int y = 2; y + block <= height - 2; y += block)
            for (int x = 2; x + block <= width - 2; x += block)
                add_point(&templates[t], levels[t], width, full_width / part, x, y, block);
    }
}

/* Reads the frame under every point of t at a pyramid level; returns how many lie inside. */
static int sample(const Template *t, const double *h, int level) {
    const int width = level_width[level], height = level_height[level];
    const u8 *pixels = level_pixels[level];
    const double s = 1 / (double)level_scale[level];
    const float a = (float)(h[0] * s), b = (float)(h[1] * s), c = (float)(h[2] * s);
    const float d = (float)(h[3] * s), e = (float)(h[4] * s), f = (float)(h[5] * s);
    const float g = (float)h[6], k = (float)h[7], z = (float)h[8];
    int inside = 0;
    for (int i = 0; i < t->count; i++) {
        const float u = t->x[i], v = t->y[i], w = g * u + k * v + z, q = 1 / w;
        const float x = (a * u + b * v + c) * q - 0.5f, y = (d * u + e * v + f) * q - 0.5f;
        value[i] = -1;
        if (!(x >= 1 && y >= 1 && x < (float)(width - 2) && y < (float)(height - 2)) || w <= 0)
            continue;
        const int ix = (int)x, iy = (int)y;
        const float fx = x - (float)ix, fy = y - (float)iy;
        const u8 *p = pixels + iy * width + ix;
        const float top = (float)p[0] + fx * (float)(p[1] - p[0]);
        const float bottom = (float)p[width] + fx * (float)(p[width + 1] - p[width]);
        value[i] = top + fy * (bottom - top);
        inside++;
    }
    return inside;
}

typedef struct {
    float mean_frame, mean_template, var_frame, var_template, covariance;
} Moments;

static Moments moments_of(const Template *t, int inside) {
    double f = 0, ff = 0, m = 0, mm = 0, fm = 0;
    for (int i = 0; i < t->count; i++) {
        if (value[i] < 0) continue;
        const double v = value[i], p = t->jacobian[i][8];
        f += v, ff += v * v, m += p, mm += p * p, fm += v * p;
    }
    f /= inside, m /= inside;
    return (Moments){(float)f, (float)m, (float)(ff / inside - f * f), (float)(mm / inside - m * m),
                     (float)(fm / inside - f * m)};
}

/* Residuals under gain and bias, and 2.5 times their median: what is beyond counts little. */
static float residuals(const Template *t, int inside, float gain, float bias) {
    int histogram[256] = {0}, median = 0, below = 0;
    for (int i = 0; i < t->count; i++) {
        if (value[i] < 0) continue;
        residual[i] = value[i] - gain * t->jacobian[i][8] - bias;
        const int r = (int)absf(residual[i]);
        histogram[r > 255 ? 255 : r]++;
    }
    while (median < 255 && (below += histogram[median]) < inside / 2) median++;
    return 2.5f * (float)(median + 1);
}

/* The weighted normal equations of the step, solved; parameters in the last column of rows. */
static int solve_step(const Template *t, float scale, double rows[PARAMETERS][PARAMETERS + 1]) {
    float normal[PARAMETERS][COLUMNS] = {{0}}, right[COLUMNS] = {0};
    const float inverse = 1 / (scale * scale);
    for (int i = 0; i < t->count; i++) {
        if (value[i] < 0) continue;
        const float q = 1 / (1 + residual[i] * residual[i] * inverse), w = q * q;
        const float *j = t->jacobian[i];
        for (int r = 0; r < PARAMETERS; r++) {
            const float s = w * j[r];
            for (int c = 0; c < COLUMNS; c++) normal[r][c] += s * j[c];
        }
        const float s = w * residual[i];
        for (int c = 0; c < COLUMNS; c++) right[c] += s * j[c];
    }
    for (int r = 0; r < PARAMETERS; r++) {
        for (int c = 0; c < PARAMETERS; c++) rows[r][c] = normal[r][c];
        rows[r][r] *= 1 + 1e-6;
        rows[r][PARAMETERS] = right[r];
    }
    return solve(&rows[0][0], PARAMETERS);
}

/* Moves h by up to STEPS Gauss-Newton steps at one template size; 0 when the fit breaks down. */
static int align_size(const Template *t, int level, double *h, float *gain_and_bias) {
    float *gain = &gain_and_bias[0], *bias = &gain_and_bias[1];
    for (int step = 0; step < STEPS; step++) {
        double rows[PARAMETERS][PARAMETERS + 1], inverse[9], moved[9], change = 0;
        const int inside = sample(t, h, level);
        if (inside < MIN_POINTS || inside < t->count / 5) return 0;
        if (*gain <= 0) {
            const Moments m = moments_of(t, inside);
            *gain = __builtin_sqrtf((m.var_frame + 1) / (m.var_template + 1));
            *bias = m.mean_frame - *gain * m.mean_template;
        }
        if (!solve_step(t, residuals(t, inside, *gain, *bias), rows)) return 0;
        double p[8];
        for (int i = 0; i < 8; i++) {
            p[i] = rows[i][PARAMETERS] / *gain;
            change += p[i] * p[i];
        }
        *gain += (float)rows[8][PARAMETERS];
        *bias += (float)rows[9][PARAMETERS];
        if (*gain < 0.02f) return 0;
        const double warp[9] = {1 + p[0], p[1], p[2], p[3], 1 + p[4], p[5], p[6], p[7], 1};
        invert3(warp, inverse);
        multiply3(h, inverse, moved);
        normalise3(moved);
        __builtin_memcpy(h, moved, sizeof moved);
        if (change < 1e-9) break;
    }
    return 1;
}

/* Refines unit coordinates -> frame px. gain_and_bias[0] <= 0 asks for a first guess of both.
 * Returns 1 when the fit held together and puts the correlation of portrait and frame, -1..1. */
int align_portrait(double *h, float *gain_and_bias, float *correlation) {
    double corners[8], quad[8];
    unit_corners(corners);
    project4(h, corners, quad);
    const double area = quad_area(quad) / (level_scale[0] * level_scale[0]);
    if (!(area >= 400)) return 0;
    /* level-0 px that half the portrait's height covers, were it seen from the front */
    const float half = (float)__builtin_sqrt(area / (4 * marker.aspect));
    const Template *t = 0;
    int level = 0;
    for (int size = TEMPLATES - 1; size >= 0; size--) {
        float ratio = 2 * half / templates[size].height; /* level px per template px */
        if (ratio < 0.8f && size < TEMPLATES - 1) break;
        for (level = 0; ratio > 1.1f && level < LEVELS - 1; level++) ratio /= 1.2f;
        t = &templates[size];
        if (!align_size(t, level, h, gain_and_bias)) return 0;
    }
    const int inside = sample(t, h, level);
    if (inside < MIN_POINTS || inside < t->count / 5) return 0;
    const Moments m = moments_of(t, inside);
    *correlation = m.covariance / __builtin_sqrtf(m.var_frame * m.var_template + 1e-6f);
    return 1;
}
