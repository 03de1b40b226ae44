/* How the camera's lens bends straight lines: radii grow by 1 + lens r^2 (Brown, 1966), r in halves of
 * the longest side. Nobody tells a web page; it is found by trying, a little in each frame that shows
 * a portrait surely, which of two neighbouring values makes portrait and frame more alike. */
#include "core.h"

enum { REST = 16 /* frames between two tries once it is known */ };
static const float FIRST_STEP = 0.016f, LAST_STEP = 0.002f, MOST = 0.12f;
static const float CLEARLY = 1.002f; /* more alike: reflections and smear pretend to be a lens, a little */

float lens;
static float step_size;
static int settled; /* tries in a row that found nothing better at the last step */
static u32 frames;

void forget_lens(void) {
    lens = 0;
    step_size = FIRST_STEP;
    settled = 0;
    frames = 0;
}

/* Where the lens puts a point of the frame, px. */
void bend_point(double *x, double *y) {
    const double half = 0.5 * MAX_SIDE * level_scale[0];
    const double cx = 0.5 * level_width[0] * level_scale[0], dx = *x - cx;
    const double cy = 0.5 * level_height[0] * level_scale[0], dy = *y - cy;
    const double grow = lens * (dx * dx + dy * dy) / (half * half);
    *x += dx * grow;
    *y += dy * grow;
}

/* Tries the values on either side of the present one; the fit goes along with the better. */
void refine_lens(const Template *t, int level, Fit *fit) {
    if (settled > 4 && frames++ % REST) return;
    const float before = lens;
    float best = likeness_of(t, fit) * CLEARLY;
    Fit better = *fit;
    for (int side = -1; side <= 1; side += 2) {
        Fit trial = *fit;
        lens = before + (float)side * step_size;
        if (absf(lens) > MOST || !align_size(t, level, &trial, 2)) continue;
        const float alike = likeness_of(t, &trial);
        if (alike <= best) continue;
        best = alike;
        better = trial;
        better.lens = lens;
    }
    lens = better.lens;
    if (lens != before) {
        settled = 0;
        *fit = better;
    } else if (step_size > LAST_STEP) {
        step_size /= 2;
    } else {
        settled++;
    }
}
