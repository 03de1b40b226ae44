/* Where a portrait stands in space, beside its homography.
 *
 * A homography fixes the pose once the focal length f is known: with the principal point in the middle
 * of the frame, K = diag(f, f, 1) and K^-1 H = s (r1 r2 t), two columns of a rotation and the place
 * (Zhang, 2000). Noise makes it none, so the pose is the rotation and place whose projection of the
 * four corners is nearest to the homography's: Gauss-Newton over six parameters.
 *
 * Nobody tells a web page the focal length either. Eight coordinates and six parameters leave two that
 * disagree when f is wrong (r1 r2 = 0, |r1| = |r2|), the more the more a print is tilted; a print seen
 * from the front says nothing. So the misfit is summed over frames for each of FOCALS values, with a
 * prior, and the least taken. */
#include "core.h"

enum {
    FOCALS = 16,
    STEPS = 5,       /* of Gauss-Newton, for an answer */
    TRIAL_STEPS = 2, /* for a comparison */
    PARAMETERS = 6
};
static const double LEAST = 0.5, RATIO = 1.0968; /* of the frame's longest side; 16 values end at 2 */
/* A phone's main camera is a 24 to 28 mm lens of the 35 mm format: 0.7 to 0.8 of the long side of a
 * 4:3 picture, and up to 1 where a video is cut out of it. */
static const double USUAL = 0.8, USUAL_SPREAD = 0.2; /* of its logarithm */
static const double NOISE = 0.3;      /* px of a corner, what differs from frame to frame and what does not */
static const double MOST_MISFIT = 1e4; /* of one frame: a hundred px */
static const double MEMORY = 0.98;    /* of a frame, one frame later */

static double misfit[FOCALS];
static int frames;
static double frame_width, frame_height;

void forget_camera(void) {
    for (int k = 0; k < FOCALS; k++) misfit[k] = 0;
    frames = 0;
}

static double longest_side(void) { return frame_width > frame_height ? frame_width : frame_height; }

/* Rotation (row by row) and place of the print in the camera's coordinates: x right, y down, z ahead;
 * the print's are its unit coordinates, z into it. */
typedef struct {
    double r[9], t[3];
} Stand;

static void cross(const double *a, const double *b, double *out) {
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

static double dot(const double *a, const double *b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

static int scale_to_one(double *v) {
    const double length = __builtin_sqrt(dot(v, v));
    if (!(length > 1e-12)) return 0;
    for (int i = 0; i < 3; i++) v[i] /= length;
    return 1;
}

/* The nearest rotation to two columns: their sum and difference, made as long and upright, keep the
 * half of what they lack each. */
static int first_stand(const double *h, double f, Stand *stand) {
    const double cx = frame_width / 2, cy = frame_height / 2;
    double column[3][3], sum[3], difference[3], x[3], y[3], z[3];
    for (int k = 0; k < 3; k++) {
        column[k][0] = (h[k] - cx * h[6 + k]) / f;
        column[k][1] = (h[3 + k] - cy * h[6 + k]) / f;
        column[k][2] = h[6 + k];
    }
    const double scale = __builtin_sqrt(__builtin_sqrt(dot(column[0], column[0]) *
                                                       dot(column[1], column[1])));
    if (!(scale > 1e-12) || !scale_to_one(column[0]) || !scale_to_one(column[1])) return 0;
    for (int i = 0; i < 3; i++) {
        sum[i] = column[0][i] + column[1][i];
        difference[i] = column[0][i] - column[1][i];
        stand->t[i] = column[2][i] / scale;
    }
    if (!scale_to_one(sum) || !scale_to_one(difference)) return 0;
    for (int i = 0; i < 3; i++) x[i] = sum[i] + difference[i], y[i] = sum[i] - difference[i];
    scale_to_one(x);
    scale_to_one(y);
    cross(x, y, z);
    for (int i = 0; i < 3; i++)
        stand->r[3 * i] = x[i], stand->r[3 * i + 1] = y[i], stand->r[3 * i + 2] = z[i];
    return stand->t[2] > 0;
}

/* Turns the stand by a small rotation about the camera's axes (Rodrigues, to the second order, then
 * made upright again) and moves it. */
static void move_stand(Stand *stand, const double *step) {
    double x[3], y[3], z[3], by[3];
    double *axis[2] = {x, y};
    for (int k = 0; k < 2; k++) {
        double *v = axis[k], again[3];
        for (int i = 0; i < 3; i++) v[i] = stand->r[3 * i + k];
        cross(step, v, by);
        cross(step, by, again);
        for (int i = 0; i < 3; i++) v[i] += by[i] + again[i] / 2;
    }
    scale_to_one(x);
    const double along = dot(x, y);
    for (int i = 0; i < 3; i++) y[i] -= along * x[i];
    scale_to_one(y);
    cross(x, y, z);
    for (int i = 0; i < 3; i++) {
        stand->r[3 * i] = x[i], stand->r[3 * i + 1] = y[i], stand->r[3 * i + 2] = z[i];
        stand->t[i] += step[3 + i];
    }
}

/* One corner's two equations, added to the rows; returns its squared error in px, -1 behind us. */
static double add_corner(const Stand *s, double f, const double *corner, const double *seen,
                         double rows[PARAMETERS][PARAMETERS + 1]) {
    double turned[3], p[3];
    for (int i = 0; i < 3; i++) {
        turned[i] = s->r[3 * i] * corner[0] + s->r[3 * i + 1] * corner[1];
        p[i] = turned[i] + s->t[i];
    }
    if (!(p[2] > 1e-6)) return -1;
    const double q = 1 / p[2], u = f * p[0] * q, v = f * p[1] * q;
    const double error[2] = {seen[0] - frame_width / 2 - u, seen[1] - frame_height / 2 - v};
    const double by_point[2][3] = {{f * q, 0, -u * q}, {0, f * q, -v * q}};
    for (int e = 0; e < 2; e++) {
        double j[PARAMETERS];
        cross(turned, by_point[e], j); /* of a turn w: g (w x p) = w (p x g) */
        for (int i = 0; i < 3; i++) j[3 + i] = by_point[e][i];
        for (int r = 0; r < PARAMETERS; r++) {
            for (int c = 0; c < PARAMETERS; c++) rows[r][c] += j[r] * j[c];
            rows[r][PARAMETERS] += j[r] * error[e];
        }
    }
    return error[0] * error[0] + error[1] * error[1];
}

/* The stand that projects the corners nearest to where they are seen; returns the sum of their squared
 * errors in px, below 0 when there is none. */
static double find_stand(const double *h, float aspect, double f, int steps, Stand *stand) {
    double corners[8], seen[8], error = -1;
    unit_corners(aspect, corners);
    project4(h, corners, seen);
    if (!first_stand(h, f, stand)) return -1;
    for (int step = 0; step <= steps; step++) {
        double rows[PARAMETERS][PARAMETERS + 1] = {{0}}, by[PARAMETERS];
        error = 0;
        for (int k = 0; k < 8; k += 2) {
            const double one = add_corner(stand, f, corners + k, seen + k, rows);
            if (one < 0) return -1;
            error += one;
        }
        if (step == steps) break;
        for (int i = 0; i < PARAMETERS; i++) rows[i][i] *= 1 + 1e-9;
        if (!solve(&rows[0][0], PARAMETERS)) return -1;
        for (int i = 0; i < PARAMETERS; i++) by[i] = rows[i][PARAMETERS];
        move_stand(stand, by);
    }
    return error >= 0 && error < 1e12 ? error : -1;
}

/* Lets a portrait that is seen surely say what it knows about the focal length. */
void learn_camera(const double *h, float aspect) {
    const double width = level_width[0] * level_scale[0], height = level_height[0] * level_scale[0];
    if (width != frame_width || height != frame_height) {
        frame_width = width;
        frame_height = height;
        forget_camera();
    }
    double f = LEAST * longest_side();
    for (int k = 0; k < FOCALS; k++, f *= RATIO) {
        Stand stand;
        const double error = find_stand(h, aspect, f, TRIAL_STEPS, &stand) / (NOISE * NOISE);
        misfit[k] = MEMORY * misfit[k] + (error < 0 || error > MOST_MISFIT ? MOST_MISFIT : error);
    }
    frames++;
}

/* The natural logarithm of a number between a half and two: 2 artanh((x - 1) / (x + 1)). */
static double log_of(double x) {
    const double y = (x - 1) / (x + 1), yy = y * y;
    return 2 * y * (1 + yy * (1 / 3.0 + yy * (1 / 5.0 + yy * (1 / 7.0 + yy / 9))));
}

/* The focal length in px of the frame: where the misfit is least, by the parabola through the three
 * lowest. */
static double focal_length(void) {
    double cost[FOCALS], f = LEAST;
    int best = 1;
    for (int k = 0; k < FOCALS; k++, f *= RATIO) {
        const double off = log_of(f / USUAL > 2 ? 2 : f / USUAL) / USUAL_SPREAD;
        cost[k] = misfit[k] + off * off;
        if (k > 0 && k < FOCALS - 1 && cost[k] < cost[best]) best = k;
    }
    const double left = cost[best - 1], right = cost[best + 1];
    const double curve = left - 2 * cost[best] + right;
    double shift = curve > 1e-12 ? (left - right) / (2 * curve) : 0;
    shift = shift < -1 ? -1 : shift > 1 ? 1 : shift;
    f = LEAST * longest_side();
    for (int k = 0; k < best; k++) f *= RATIO;
    return f * (1 + shift * (RATIO - 1));
}

/* The pose of a portrait, row by row 3 x 4: its own coordinates (centre, x right, y up, z out of it,
 * its width is 1) -> the camera's (x right, y up, z backwards), as in OpenGL. Returns the focal length
 * it goes with, px of the frame; all 0 when there is none. */
double pose_of(const double *h, float aspect, double *pose) {
    Stand stand;
    const double f = focal_length();
    for (int i = 0; i < 12; i++) pose[i] = 0;
    if (frames == 0 || find_stand(h, aspect, f, STEPS, &stand) < 0) return 0;
    for (int i = 0; i < 3; i++) {
        const double mirror = i ? -1 : 1;
        pose[4 * i] = mirror * stand.r[3 * i];
        pose[4 * i + 1] = -mirror * stand.r[3 * i + 1];
        pose[4 * i + 2] = -mirror * stand.r[3 * i + 2];
        pose[4 * i + 3] = mirror * stand.t[i] / (2 * (double)aspect);
    }
    return f;
}
