/* Which portrait of an album lies where one was found. Portraits of one photographer share backdrop,
 * frame and pose, so their matches say little; what is seen there is compared with every one of them. */
#include "core.h"

enum {
    CELL_POINTS = 4,                      /* across and down a cell */
    ACROSS = CELLS_ACROSS * CELL_POINTS,
    DOWN = CELLS_DOWN * CELL_POINTS
};
static const float LIKE_SHAPE = 0.03f;  /* by how much the aspects may differ */
static const float CLEARLY = 0.01f;     /* more alike */

static float seen[DOWN][ACROSS];

/* Looks at a grid of the portrait's place, each point an average of about its part of the grid. */
static void look_at(const Fit *fit, float aspect) {
    double unit[8], quad[8];
    unit_corners(aspect, unit);
    project4(fit->h, unit, quad);
    const float side = __builtin_sqrtf((float)quad_area(quad) / (ACROSS * DOWN)) / level_scale[0];
    int level = 0;
    for (float s = side; s > 1.3f && level < LEVELS - 1; s /= 1.2f) level++;
    const int width = level_width[level], height = level_height[level];
    for (int j = 0; j < DOWN; j++)
        for (int i = 0; i < ACROSS; i++) {
            const double u = (2 * (i + 0.5) / ACROSS - 1) * aspect, v = 2 * (j + 0.5) / DOWN - 1;
            const double *h = fit->h, w = (h[6] * u + h[7] * v + h[8]) * level_scale[level];
            const int x = (int)((h[0] * u + h[1] * v + h[2]) / w);
            const int y = (int)((h[3] * u + h[4] * v + h[5]) / w);
            const int inside = x >= 0 && y >= 0 && x < width && y < height;
            seen[j][i] = inside ? level_pixels[level][y * width + x] : -1;
        }
}

/* The average brightness of the template around a point of the grid. */
static float template_at(const Portrait *portrait, int i, int j) {
    const int left = portrait->across * i / ACROSS, right = portrait->across * (i + 1) / ACROSS;
    const int top = portrait->down * j / DOWN, bottom = portrait->down * (j + 1) / DOWN;
    int sum = 0, count = 0;
    for (int y = top; y < bottom || y == top; y++)
        for (int x = left; x < right || x == left; x++)
            sum += portrait->pixels[y * portrait->across + x], count++;
    return (float)sum / (float)count;
}

/* Of the cells inside the frame, the mean correlation with what was seen. */
static float likeness(const Portrait *portrait) {
    float sum = 0, cells = 1e-6f;
    for (int c = 0; c < CELLS; c++) {
        const int left = c % CELLS_ACROSS * CELL_POINTS, top = c / CELLS_ACROSS * CELL_POINTS;
        float n = 0, f = 0, ff = 0, m = 0, mm = 0, fm = 0;
        for (int j = top; j < top + CELL_POINTS; j++)
            for (int i = left; i < left + CELL_POINTS; i++) {
                if (seen[j][i] < 0) continue;
                const float a = seen[j][i], b = template_at(portrait, i, j);
                n++, f += a, ff += a * a, m += b, mm += b * b, fm += a * b;
            }
        if (n < CELL_POINTS * CELL_POINTS / 2) continue;
        const float seen_var = ff / n - f * f / (n * n), own_var = mm / n - m * m / (n * n);
        /* both flat is alike too: a few grey levels of doubt on either side */
        const float alike = (fm / n - f * m / (n * n) + 4) /
                            __builtin_sqrtf((seen_var + 4) * (own_var + 4));
        sum += alike;
        cells += 1;
    }
    return sum / cells;
}

/* The portrait that looks most like what lies where `found` was found: `found` itself, or another. */
int most_alike(int found, const Fit *fit) {
    const float aspect = marker.portrait[found].aspect;
    int best = found;
    look_at(fit, aspect);
    float most = likeness(&marker.portrait[found]) + CLEARLY;
    for (int p = 0; p < marker.portraits; p++) {
        if (p == found || absf(marker.portrait[p].aspect - aspect) > LIKE_SHAPE * aspect) continue;
        const float alike = likeness(&marker.portrait[p]);
        if (alike > most) most = alike, best = p;
    }
    return best;
}
