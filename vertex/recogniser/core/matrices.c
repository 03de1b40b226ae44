/* 3x3 matrices row by row, quadrilaterals x0 y0 x1 y1 ..., and systems of linear equations. */
#include "core.h"

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
