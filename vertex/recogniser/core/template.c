/* A portrait made ready for alignment: of each block the point of strongest gradient, on three sizes of
 * its template, in several blurs. */
#include "core.h"

enum { MIN_GRADIENT = 36 /* squared, over two px: flatter points say nothing */ };

/* Rows of a template's points: the gradient by each homography parameter, then brightness and 1. */
static void fill_row(float *row, const u8 *p, int width, float half, float u, float v) {
    const float gx = (float)(p[1] - p[-1]) * 0.5f * half;
    const float gy = (float)(p[width] - p[-width]) * 0.5f * half;
    const float all[COLUMNS] = {gx * u, gx * v, gx, gy * u, gy * v, gy,
                                -(gx * u + gy * v) * u, -(gx * u + gy * v) * v, *p, 1, 0, 0};
    __builtin_memcpy(row, all, sizeof all);
}

/* One size of the template, being made: the picture in every blur. */
typedef struct {
    u8 *pixels[BLURS];
    int width, height, block;
    float full_width; /* px, not rounded */
} Picture;

/* Adds the strongest gradient of the block at (left, top), unless it is flat. */
static void add_point(Target *target, Template *t, const Picture *picture, int left, int top) {
    const int width = picture->width;
    int best = MIN_GRADIENT - 1, x = -1, y = 0;
    for (int j = top; j < top + picture->block; j++)
        for (int i = left; i < left + picture->block; i++) {
            const u8 *p = picture->pixels[0] + j * width + i;
            const int gx = p[1] - p[-1], gy = p[width] - p[-width], g = gx * gx + gy * gy;
            if (g > best) best = g, x = i, y = j;
        }
    if (x < 0 || t->count == MAX_POINTS) return;
    const float u = (((float)x + 0.5f) / picture->full_width * 2 - 1) * target->aspect;
    const float v = ((float)y + 0.5f) / t->height * 2 - 1;
    for (int b = 0; b < BLURS; b++)
        fill_row(t->rows[b][t->count], picture->pixels[b] + y * width + x, width, t->height / 2, u, v);
    t->x[t->count] = u;
    t->y[t->count++] = v;
}

/* Points cell by cell, so that a cell's are neighbours in memory. */
static void choose_points(Target *target, Template *t, const Picture *picture) {
    const int block = picture->block;
    const int across = (picture->width - 4) / block, down = (picture->height - 4) / block;
    t->count = 0;
    for (int cell = 0; cell < CELLS; cell++) {
        const int column = cell % CELLS_ACROSS, row = cell / CELLS_ACROSS;
        t->start[cell] = t->count;
        for (int y = down * row / CELLS_DOWN; y < down * (row + 1) / CELLS_DOWN; y++)
            for (int x = across * column / CELLS_ACROSS; x < across * (column + 1) / CELLS_ACROSS; x++)
                add_point(target, t, picture, 2 + x * block, 2 + y * block);
    }
    t->start[CELLS] = t->count;
}

static void halve(const u8 *in, int width, int height, u8 *out) {
    for (int y = 0; y + 1 < height; y += 2)
        for (int x = 0; x + 1 < width; x += 2) {
            const u8 *p = in + y * width + x;
            *out++ = (u8)((p[0] + p[1] + p[width] + p[width + 1] + 2) >> 2);
        }
}

/* One pass of the binomial (1 2 1) / 4 both ways: half a px of variance. */
static void soften(const u8 *in, u8 *out, int width, int height) {
    for (int y = 0; y < height; y++) {
        const u8 *a = in + (y ? y - 1 : 0) * width, *b = in + y * width;
        const u8 *c = in + (y + 1 < height ? y + 1 : y) * width;
        int left = a[0] + 2 * b[0] + c[0], here = left;
        for (int x = 0; x < width; x++) {
            const int next = x + 1 < width ? x + 1 : x;
            const int right = a[next] + 2 * b[next] + c[next];
            *out++ = (u8)((left + 2 * here + right + 8) >> 4);
            left = here, here = right;
        }
    }
}

/* A template that was stored small, as in the first marker of a large album, has too few blocks for its
 * cells to be judged: it is enlarged as often as there is room, and returns how often. */
static int enlarge(const u8 *in, int width, int height, u8 *out) {
    int times = 1;
    while ((times + 1) * (times + 1) * width * height <= MAX_TEMPLATE) times++;
    for (int y = 0; y < times * height; y++) {
        /* in halves of an enlarged px, from the centre of one stored to that of the next */
        const int v = 2 * y + 1 - times, top = v < 0 ? 0 : v / (2 * times);
        const int below = top + 1 < height ? top + 1 : top, q = v < 0 ? 0 : v - 2 * times * top;
        for (int x = 0; x < times * width; x++) {
            const int u = 2 * x + 1 - times, left = u < 0 ? 0 : u / (2 * times);
            const int right = left + 1 < width ? left + 1 : left, p = u < 0 ? 0 : u - 2 * times * left;
            const u8 *a = in + top * width, *b = in + below * width;
            const int over = a[left] * (2 * times - p) + a[right] * p;
            const int under = b[left] * (2 * times - p) + b[right] * p;
            const int all = 4 * times * times;
            *out++ = (u8)((over * (2 * times - q) + under * q + all / 2) / all);
        }
    }
    return times;
}

/* Chooses the points of all template sizes and computes their gradients once, in every blur. */
void set_target(Target *target, const u8 *pixels, int width, int height) {
    static u8 sized[TEMPLATES][MAX_TEMPLATE], soft[BLURS][MAX_TEMPLATE], other[MAX_TEMPLATE];
    const int times = enlarge(pixels, width, height, sized[0]);
    width *= times, height *= times;
    const float full_width = (float)width, full_height = (float)height;
    for (int t = 0; t < TEMPLATES; t++) {
        Picture picture = {.width = width, .height = height, .block = 8 >> t,
                           .full_width = full_width / (float)(1 << t)};
        const unsigned bytes = (unsigned)(width * height);
        __builtin_memcpy(soft[0], sized[t], bytes);
        for (int b = 1; b < BLURS; b++) {
            __builtin_memcpy(soft[b], soft[b - 1], bytes);
            for (int pass = 0; pass < b; pass++) { /* 0, 1, 3, 6 in all */
                soften(soft[b], other, width, height);
                __builtin_memcpy(soft[b], other, bytes);
            }
        }
        for (int b = 0; b < BLURS; b++) picture.pixels[b] = soft[b];
        target->templates[t].height = full_height / (float)(1 << t);
        choose_points(target, &target->templates[t], &picture);
        if (t + 1 < TEMPLATES) halve(sized[t], width, height, sized[t + 1]);
        width /= 2, height /= 2;
    }
}
