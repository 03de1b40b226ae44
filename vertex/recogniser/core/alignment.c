/* Brings a homography to a tenth of a pixel by aligning the portrait itself with the frame: inverse
 * compositional Gauss-Newton (Baker and Matthews, 2004) over eight homography parameters with robust
 * weights, on three template sizes from coarse to fine.
 *
 * The portrait is cut into cells, each with a gain and a bias of its own that are eliminated from the
 * normal equations (Schur complement), so that light from the side or a reflection moves nothing.
 * A cell that does not look like the portrait (a hand in front of it) is left out of the fit, and the
 * share of cells that do is what a hit is judged by. A lens out of focus would pull every corner
 * inwards, so the portrait is compared in the blur that fits the frame best. */
#include "core.h"

enum {
    STEPS = 6,
    MIN_POINTS = 60,
    UNKNOWNS = 10      /* of a cell: homography, gain, bias */
};
static const float SURE = 0.8f;    /* share that shows the portrait, for the lens to be judged by it */
static const float GAIN_SPREAD = 0.3f, BIAS_SPREAD = 40; /* of cells about the mean, a prior */

float sampled[MAX_POINTS];

static float residual[MAX_POINTS];

/* Reads the frame under every point of t at a pyramid level; returns how many lie inside. */
static int sample(const Template *t, const double *h, int level) {
    const int width = level_width[level], height = level_height[level];
    const u8 *pixels = level_pixels[level];
    const double s = 1 / (double)level_scale[level];
    const float a = (float)(h[0] * s), b = (float)(h[1] * s), c = (float)(h[2] * s);
    const float d = (float)(h[3] * s), e = (float)(h[4] * s), f = (float)(h[5] * s);
    const float g = (float)h[6], k = (float)h[7], z = (float)h[8];
    const float middle_x = 0.5f * (float)level_width[0] * level_scale[0] * (float)s - 0.5f;
    const float middle_y = 0.5f * (float)level_height[0] * level_scale[0] * (float)s - 0.5f;
    const float side = 0.5f * MAX_SIDE * level_scale[0] * (float)s, bend = lens / (side * side);
    int inside = 0;
    for (int i = 0; i < t->count; i++) {
        const float u = t->x[i], v = t->y[i], w = g * u + k * v + z, q = 1 / w;
        float x = (a * u + b * v + c) * q - 0.5f, y = (d * u + e * v + f) * q - 0.5f;
        const float dx = x - middle_x, dy = y - middle_y, grow = bend * (dx * dx + dy * dy);
        x += dx * grow, y += dy * grow;
        sampled[i] = -1;
        if (!(x >= 1 && y >= 1 && x < (float)(width - 2) && y < (float)(height - 2)) || w <= 0)
            continue;
        const int ix = (int)x, iy = (int)y;
        const float fx = x - (float)ix, fy = y - (float)iy;
        const u8 *p = pixels + iy * width + ix;
        const float top = (float)p[0] + fx * (float)(p[1] - p[0]);
        const float bottom = (float)p[width] + fx * (float)(p[width + 1] - p[width]);
        sampled[i] = top + fy * (bottom - top);
        inside++;
    }
    return inside;
}

/* A first guess of the light: the same for all cells. */
static void guess_light(const Template *t, Fit *fit) {
    const Moments m = moments_of(t, fit->blur, 0, t->count);
    const float gain = __builtin_sqrtf((m.var_frame + 1) / (m.var_template + 1));
    for (int c = 0; c < CELLS; c++) {
        fit->gain[c] = gain;
        fit->bias[c] = m.mean_frame - gain * m.mean_template;
        fit->visible[c] = 1;
    }
}

/* Residuals under each cell's light, and 2.5 times their median: what is beyond counts little. */
static float residuals(const Template *t, const Fit *fit) {
    int histogram[256] = {0}, median = 0, below = 0, seen = 0;
    for (int c = 0; c < CELLS; c++)
        for (int i = t->start[c]; i < t->start[c + 1]; i++) {
            if (sampled[i] < 0) continue;
            residual[i] = sampled[i] - fit->gain[c] * t->rows[fit->blur][i][8] - fit->bias[c];
            if (!fit->visible[c]) continue;
            const int r = (int)(4 * absf(residual[i]));
            histogram[r > 255 ? 255 : r]++;
            seen++;
        }
    while (median < 255 && (below += histogram[median]) < seen / 2) median++;
    return 2.5f * ((float)median / 4 + 0.5f);
}

/* The weighted normal equations of one cell's points: homography, gain, bias | right side. */
static void accumulate(const Template *t, int blur, int cell, float scale,
                       float normal[UNKNOWNS][COLUMNS], float *right) {
    const float inverse = 1 / (scale * scale);
    for (int i = t->start[cell]; i < t->start[cell + 1]; i++) {
        if (sampled[i] < 0) continue;
        const float q = 1 / (1 + residual[i] * residual[i] * inverse), w = q * q;
        const float *j = t->rows[blur][i];
        for (int r = 0; r < UNKNOWNS; r++) {
            const float s = w * j[r];
            for (int c = 0; c < COLUMNS; c++) normal[r][c] += s * j[c];
        }
        const float s = w * residual[i];
        for (int c = 0; c < COLUMNS; c++) right[c] += s * j[c];
    }
}

/* What a cell's light will be once the homography's step p is known. */
typedef struct {
    float by_step[2][HOMOGRAPHY], own[2];
} Light;

/* Adds a cell to the equations of the homography, its gain and bias eliminated. */
static void eliminate_light(float normal[UNKNOWNS][COLUMNS], float *right, float gain,
                            const float *prior, const float *pull, Light *light,
                            double rows[HOMOGRAPHY][HOMOGRAPHY + 1]) {
    const float a = normal[8][8] + prior[0], b = normal[8][9], d = normal[9][9] + prior[1];
    const float det = a * d - b * b, e = right[8] + pull[0], f = right[9] + pull[1];
    const float inverse[3] = {d / det, -b / det, a / det};
    light->own[0] = inverse[0] * e + inverse[1] * f;
    light->own[1] = inverse[1] * e + inverse[2] * f;
    for (int k = 0; k < HOMOGRAPHY; k++) {
        const float g = gain * normal[8][k], o = gain * normal[9][k];
        light->by_step[0][k] = inverse[0] * g + inverse[1] * o;
        light->by_step[1][k] = inverse[1] * g + inverse[2] * o;
    }
    for (int r = 0; r < HOMOGRAPHY; r++) {
        const float g = gain * normal[8][r], o = gain * normal[9][r];
        for (int c = 0; c < HOMOGRAPHY; c++)
            rows[r][c] += gain * gain * normal[r][c] - g * light->by_step[0][c] -
                          o * light->by_step[1][c];
        rows[r][HOMOGRAPHY] += gain * right[r] - g * light->own[0] - o * light->own[1];
    }
}

static float mean_gain(const Fit *fit) {
    float sum = 0, n = 1e-6f;
    for (int c = 0; c < CELLS; c++)
        if (fit->visible[c]) sum += fit->gain[c], n += 1;
    return sum / n;
}

static float mean_bias(const Fit *fit) {
    float sum = 0, n = 1e-6f;
    for (int c = 0; c < CELLS; c++)
        if (fit->visible[c]) sum += fit->bias[c], n += 1;
    return sum / n;
}

/* One Gauss-Newton step on the points just sampled: p is the homography's, in unit coordinates. */
static int solve_step(const Template *t, Fit *fit, double *p) {
    static Light lights[CELLS];
    double rows[HOMOGRAPHY][HOMOGRAPHY + 1] = {{0}};
    const float scale = residuals(t, fit), noise = scale * scale * 0.35f; /* (1.48 / 2.5)^2 */
    const float gain = mean_gain(fit), bias = mean_bias(fit);
    if (!(gain > 0.005f)) return 0;
    const float prior[2] = {noise / (GAIN_SPREAD * GAIN_SPREAD * gain * gain),
                            noise / (BIAS_SPREAD * BIAS_SPREAD)};
    for (int c = 0; c < CELLS; c++) {
        float normal[UNKNOWNS][COLUMNS] = {{0}}, right[COLUMNS] = {0};
        const float pull[2] = {prior[0] * (gain - fit->gain[c]), prior[1] * (bias - fit->bias[c])};
        if (!fit->visible[c]) continue;
        accumulate(t, fit->blur, c, scale, normal, right);
        eliminate_light(normal, right, fit->gain[c], prior, pull, &lights[c], rows);
    }
    for (int i = 0; i < HOMOGRAPHY; i++) rows[i][i] *= 1 + 1e-6;
    __builtin_memcpy(fit->normal, rows, sizeof rows);
    fit->noise = noise;
    if (!solve(&rows[0][0], HOMOGRAPHY)) return 0;
    for (int i = 0; i < HOMOGRAPHY; i++) p[i] = rows[i][HOMOGRAPHY];
    for (int c = 0; c < CELLS; c++) {
        if (!fit->visible[c]) continue;
        float by[2] = {lights[c].own[0], lights[c].own[1]};
        for (int k = 0; k < HOMOGRAPHY; k++)
            for (int l = 0; l < 2; l++) by[l] -= lights[c].by_step[l][k] * (float)p[k];
        fit->gain[c] += by[0];
        fit->bias[c] += by[1];
        if (fit->gain[c] < 0.1f * gain) fit->gain[c] = 0.1f * gain;
    }
    return 1;
}

/* Which cells show the portrait where it was detected: those that do not, a hand in front of it, must
 * not pull the first steps. With too few that do, all take part. */
static void look_first(const Template *t, int level, Fit *fit) {
    if (sample(t, fit->h, level) < MIN_POINTS) return;
    guess_light(t, fit);
    for (int c = 0; c < CELLS; c++) fit->visible[c] = 0;
    judge(t, fit);
    int seen = 0;
    for (int c = 0; c < CELLS; c++) seen += fit->visible[c];
    if (seen < CELLS / 5) guess_light(t, fit);
}

/* Moves the fit by up to `steps` Gauss-Newton steps at one template size; 0 when it breaks down. */
int align_size(const Template *t, int level, Fit *fit, int steps) {
    for (int step = 0; step < steps; step++) {
        double p[HOMOGRAPHY], inverse[9], moved[9], change = 0;
        const int inside = sample(t, fit->h, level);
        if (inside < MIN_POINTS || inside < t->count / 8) return 0;
        if (!solve_step(t, fit, p)) return 0;
        for (int i = 0; i < HOMOGRAPHY; i++) change += p[i] * p[i];
        const double warp[9] = {1 + p[0], p[1], p[2], p[3], 1 + p[4], p[5], p[6], p[7], 1};
        invert3(warp, inverse);
        multiply3(fit->h, inverse, moved);
        normalise3(moved);
        __builtin_memcpy(fit->h, moved, sizeof moved);
        if (change < 1e-9) break;
    }
    return sample(t, fit->h, level) >= MIN_POINTS;
}

/* Refines fit->h, unit coordinates -> frame px. A first gain <= 0 asks for a guess of the light.
 * Returns 1 when the fit held together; how good it is stands in it. */
int align_portrait(const Target *target, Fit *fit) {
    double corners[8], quad[8];
    unit_corners(target->aspect, corners);
    project4(fit->h, corners, quad);
    const double area = quad_area(quad) / (level_scale[0] * level_scale[0]);
    if (!(area >= 400)) return 0;
    /* level-0 px that half the portrait's height covers, were it seen from the front */
    const float half = (float)__builtin_sqrt(area / (4 * target->aspect));
    const int blur = fit->blur;
    int finest = TEMPLATES - 1, level = 0;
    while (finest > 0 && 2 * half >= 0.8f * target->templates[finest - 1].height) finest--;
    for (int size = TEMPLATES - 1; size >= finest; size--) {
        float ratio = 2 * half / target->templates[size].height; /* level px per template px */
        for (level = 0; ratio > 1.1f && level < LEVELS - 1; level++) ratio /= 1.2f;
        fit->blur = size > finest ? 0 : blur;
        if (fit->gain[0] <= 0) look_first(&target->templates[size], level, fit);
        if (!align_size(&target->templates[size], level, fit, STEPS)) return 0;
        judge(&target->templates[size], fit);
    }
    const Template *t = &target->templates[finest];
    for (int k = 0; k < BLURS && choose_blur(t, fit); k++)
        if (!align_size(t, level, fit, 2)) return 0;
    fit->lens = lens;
    if (fit->share > SURE && fit->blur < BLURS - 1) refine_lens(t, level, fit);
    sample(t, fit->h, level);
    judge(t, fit);
    return 1;
}

