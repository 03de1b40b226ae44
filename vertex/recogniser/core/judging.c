/* How well a fit shows the portrait: cell by cell what is seen beside what should be, which of the
 * template's blurs is nearest, and by how much the corners may be off. */
#include "core.h"

enum {
    MIN_CELL = 6      /* points a cell must have inside the frame to be judged */
};
static const float GOOD = 0.6f;    /* correlation of a cell that shows the portrait */
static const float HIDDEN = 0.35f; /* below it a cell takes no part in the fit */

/* Of the points first..last that lie inside the frame. */
Moments moments_of(const Template *t, int blur, int first, int last) {
    float n = 0, f = 0, ff = 0, m = 0, mm = 0, fm = 0;
    for (int i = first; i < last; i++) {
        if (sampled[i] < 0) continue;
        const float v = sampled[i] - 128, p = t->rows[blur][i][8] - 128;
        n += 1, f += v, ff += v * v, m += p, mm += p * p, fm += v * p;
    }
    if (n == 0) return (Moments){0};
    f /= n, m /= n;
    return (Moments){n, f + 128, m + 128, ff / n - f * f, mm / n - m * m, fm / n - f * m};
}

static float correlation_of(const Moments *m) {
    /* a grey level of doubt, so that two flat cells are not taken for alike */
    return m->covariance / __builtin_sqrtf((m->var_frame + 1) * (m->var_template + 1));
}

/* Judges the cells that lie inside: which show the portrait, and how well all of them do. */
void judge(const Template *t, Fit *fit) {
    float seen = 0, sum = 0, weight = 0;
    fit->good = fit->judged = 0;
    for (int c = 0; c < CELLS; c++) {
        const Moments m = moments_of(t, fit->blur, t->start[c], t->start[c + 1]);
        if (m.points < MIN_CELL) continue;
        const float correlation = correlation_of(&m);
        fit->judged++;
        fit->good += correlation >= GOOD;
        if (correlation >= HIDDEN && !fit->visible[c]) {
            fit->gain[c] = m.covariance / (m.var_template + 1);
            fit->bias[c] = m.mean_frame - fit->gain[c] * m.mean_template;
        }
        fit->visible[c] = correlation >= HIDDEN;
        seen += m.points, sum += m.points * correlation;
        if (correlation >= GOOD) weight += m.points;
    }
    fit->correlation = seen ? sum / seen : 0;
    fit->share = seen ? weight / seen : 0;
}

/* How alike the visible cells are, in one of the template's blurs, for comparison. */
static float alike_in(const Template *t, int blur, const Fit *fit) {
    float sum = 0;
    for (int c = 0; c < CELLS; c++) {
        if (!fit->visible[c]) continue;
        const Moments m = moments_of(t, blur, t->start[c], t->start[c + 1]);
        sum += m.points * correlation_of(&m);
    }
    return sum;
}

float likeness_of(const Template *t, const Fit *fit) { return alike_in(t, fit->blur, fit); }

/* Takes the blur beside the present one when the frame looks more like it. */
int choose_blur(const Template *t, Fit *fit) {
    const int before = fit->blur;
    float best = alike_in(t, before, fit) * 1.0005f;
    for (int b = before - 1; b <= before + 1; b += 2) {
        if (b < 0 || b >= BLURS) continue;
        const float fits = alike_in(t, b, fit);
        if (fits > best) best = fits, fit->blur = b;
    }
    return fit->blur != before;
}

/* Pixels by which a corner may be off: the standard deviation of the least certain one, from the
 * residuals' noise and the curvature of the fit at its end. */
float corner_spread(const Target *target, const Fit *fit) {
    double corners[8], worst = 0;
    unit_corners(target->aspect, corners);
    for (int k = 0; k < 8; k += 2) {
        const double x = corners[k], y = corners[k + 1], *h = fit->h;
        const double w = h[6] * x + h[7] * y + h[8];
        const double u = (h[0] * x + h[1] * y + h[2]) / w, v = (h[3] * x + h[4] * y + h[5]) / w;
        /* of the frame by the portrait: the step moves the portrait under the homography */
        const double ux = (h[0] - u * h[6]) / w, uy = (h[1] - u * h[7]) / w;
        const double vx = (h[3] - v * h[6]) / w, vy = (h[4] - v * h[7]) / w;
        const double dx[8] = {x, y, 1, 0, 0, 0, -x * x, -x * y};
        const double dy[8] = {0, 0, 0, x, y, 1, -x * y, -y * y};
        double variance = 0;
        for (int axis = 0; axis < 2; axis++) {
            double rows[HOMOGRAPHY][HOMOGRAPHY + 1], by[HOMOGRAPHY];
            __builtin_memcpy(rows, fit->normal, sizeof rows);
            for (int i = 0; i < HOMOGRAPHY; i++) {
                by[i] = axis ? vx * dx[i] + vy * dy[i] : ux * dx[i] + uy * dy[i];
                rows[i][HOMOGRAPHY] = by[i];
            }
            if (!solve(&rows[0][0], HOMOGRAPHY)) return 1e6f;
            for (int i = 0; i < HOMOGRAPHY; i++) variance += by[i] * rows[i][HOMOGRAPHY];
        }
        if (variance > worst) worst = variance;
    }
    return __builtin_sqrtf((float)worst * fit->noise);
}
