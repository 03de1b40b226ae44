/* The frame in ten sizes, and a smoothed copy of those that are searched for corners. */
#include "core.h"

enum { LITTLE_RANGE = 56 /* grey levels; less is stretched */ };

u8 input[MAX_INPUT + 64];
static u8 pixels[MAX_SIDE * MAX_SIDE * 13 / 4 + LEVELS * 128];
static u8 smoothed[MAX_SIDE * MAX_SIDE * 3 + DETECT_LEVELS * 128];
static u8 row[MAX_SIDE + 64];

/* Room of level l for the largest frame, from the sum of 640^2 * (25/36)^l, rounded up. */
#define AT(base, l) (base + l##_AT)
enum {
    L0_AT = 0,
    L1_AT = L0_AT + 640 * 640 + 128,
    L2_AT = L1_AT + 533 * 533 + 128,
    L3_AT = L2_AT + 444 * 444 + 128,
    L4_AT = L3_AT + 370 * 370 + 128,
    L5_AT = L4_AT + 308 * 308 + 128,
    L6_AT = L5_AT + 256 * 256 + 128,
    L7_AT = L6_AT + 213 * 213 + 128,
    L8_AT = L7_AT + 177 * 177 + 128,
    L9_AT = L8_AT + 147 * 147 + 128
};
_Static_assert(L9_AT + 122 * 122 + 64 <= sizeof pixels, "pyramid does not fit");
_Static_assert(L5_AT + 256 * 256 + 64 <= sizeof smoothed, "smoothed levels do not fit");

u8 *const level_pixels[LEVELS] = {
    AT(pixels, L0), AT(pixels, L1), AT(pixels, L2), AT(pixels, L3), AT(pixels, L4),
    AT(pixels, L5), AT(pixels, L6), AT(pixels, L7), AT(pixels, L8), AT(pixels, L9)};
u8 *const smooth_pixels[DETECT_LEVELS] = {AT(smoothed, L0), AT(smoothed, L1), AT(smoothed, L2),
                                          AT(smoothed, L3), AT(smoothed, L4), AT(smoothed, L5)};
int level_width[LEVELS], level_height[LEVELS];
float level_scale[LEVELS];

/* Averages factor x factor blocks of the input into level 0. */
static void reduce(int stride, int factor, int width, int height) {
    u8 *out = level_pixels[0];
    const u32 area = (u32)(factor * factor), half = area / 2;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            const u8 *block = input + y * factor * stride + x * factor;
            u32 sum = half;
            for (int j = 0; j < factor; j++)
                for (int i = 0; i < factor; i++) sum += block[j * stride + i];
            *out++ = (u8)(sum / area);
        }
}

/* Without vector instructions, eight pixels are worked on in the 16-bit lanes of two words. */
#ifndef SIMD
static const u64 LANES = 0x00ff00ff00ff00ff;

static inline u64 load8(const u8 *p) {
    u64 v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
}

static inline void store8(u8 *p, u64 even, u64 odd) {
    const u64 v = (even >> 8 & LANES) | (odd & ~LANES);
    __builtin_memcpy(p, &v, sizeof v);
}
#endif

/* out = (a high + b low) / 256; high and low sum to 256. May write up to 7 px past the width. */
static void blend_rows(const u8 *restrict a, const u8 *restrict b, u16 high, u16 low,
                       u8 *restrict out, int width) {
#ifdef SIMD
    for (int x = 0; x < width; x++) out[x] = (u8)((u16)(a[x] * high + b[x] * low) >> 8);
#else
    for (int x = 0; x < width; x += 8) {
        const u64 p = load8(a + x), q = load8(b + x);
        store8(out + x, (p & LANES) * high + (q & LANES) * low,
               (p >> 8 & LANES) * high + (q >> 8 & LANES) * low);
    }
#endif
}

/* Bilinear reduction by 5/6 with centres aligned: output x lies at input (12 x + 1) / 10. */
static void shrink_row(const u8 *in, u8 *out, int width) {
    int x = 0;
#ifdef SIMD
    /* ten outputs from twelve inputs; the weights repeat every five outputs */
    const v128_t left = wasm_i8x16_const(0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 0, 0, 0, 0, 0, 0);
    const v128_t right = wasm_i8x16_const(1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 0, 0, 0, 0, 0, 0);
    const v128_t w_low = wasm_u16x8_const(25, 76, 128, 179, 230, 25, 76, 128);
    const v128_t w_high = wasm_u16x8_const(179, 230, 0, 0, 0, 0, 0, 0);
    const v128_t full = wasm_u16x8_const_splat(256);
    for (; x + 16 <= width; x += 10, in += 12) {
        v128_t v = wasm_v128_load(in);
        v128_t a = wasm_i8x16_swizzle(v, left), b = wasm_i8x16_swizzle(v, right);
        v128_t low = wasm_i16x8_add(
            wasm_i16x8_mul(wasm_u16x8_extend_low_u8x16(a), wasm_i16x8_sub(full, w_low)),
            wasm_i16x8_mul(wasm_u16x8_extend_low_u8x16(b), w_low));
        v128_t high = wasm_i16x8_add(
            wasm_i16x8_mul(wasm_u16x8_extend_high_u8x16(a), wasm_i16x8_sub(full, w_high)),
            wasm_i16x8_mul(wasm_u16x8_extend_high_u8x16(b), w_high));
        wasm_v128_store(out + x, wasm_u8x16_narrow_i16x8(wasm_u16x8_shr(low, 8),
                                                         wasm_u16x8_shr(high, 8)));
    }
#endif
    static const u16 weight[5] = {25, 76, 128, 179, 230}; /* (2 x + 1) / 10 of 256, cut off */
    for (; x % 5 == 0 && x + 5 <= width; x += 5, in += 6)
        for (int k = 0; k < 5; k++)
            out[x + k] = (u8)((in[k] * (256 - weight[k]) + in[k + 1] * weight[k]) >> 8);
    for (int phase = x % 5; x < width; x++) {
        out[x] = (u8)((in[0] * (256 - weight[phase]) + in[1] * weight[phase]) >> 8);
        in++;
        if (++phase == 5) phase = 0, in++;
    }
}

static void shrink(int from) {
    const int width = level_width[from], height = level_height[from];
    const int out_width = level_width[from + 1], out_height = level_height[from + 1];
    const u8 *in = level_pixels[from];
    u8 *out = level_pixels[from + 1];
    for (int y = 0; y < out_height; y++, out += out_width) {
        const int at = (12 * y + 1) * 256 / 10, top = at >> 8;
        const u16 low = (u16)(at & 255), high = (u16)(256 - low);
        const u8 *a = in + top * width, *b = top + 1 < height ? a + width : a;
        blend_rows(a, b, high, low, row, width);
        row[width] = row[width - 1];
        shrink_row(row, out, out_width);
    }
}

/* The grey levels between the darkest and the brightest hundredth of the frame. */
static int range_of(const u8 *in, int size, int *darkest) {
    int histogram[256] = {0}, seen = 0, low = 0, high = 255;
    for (int i = 0; i < size; i += 7, seen++) histogram[in[i]]++;
    for (int n = 0; low < 255 && (n += histogram[low]) < seen / 100;) low++;
    for (int n = 0; high > low && (n += histogram[high]) < seen / 100;) high--;
    *darkest = low;
    return high - low;
}

/* A dark frame is mostly noise, and its steps are coarse: averages 3 x 3 px by the binomial, and
 * stretches what is there over the grey levels. Nothing happens to a frame with contrast. */
static void brighten(u8 *in, int width, int height) {
    static u8 lines[2][MAX_SIDE];
    int darkest;
    const int range = range_of(in, width * height, &darkest);
    if (range >= LITTLE_RANGE || range < 2) return;
    /* 16 is the sum of the binomial's weights */
    const int gain = 160 * 256 / range < 16 * 256 ? 160 * 256 / range : 16 * 256;
    const int base = 16 * darkest;
    __builtin_memcpy(lines[1], in, (unsigned)width);
    for (int y = 0; y < height; y++) {
        u8 *above = lines[1 - (y & 1)], *row = in + y * width;
        const u8 *below = y + 1 < height ? row + width : row;
        __builtin_memcpy(lines[y & 1], row, (unsigned)width);
        const u8 *here = lines[y & 1];
        for (int x = 0; x < width; x++) {
            const int l = x ? x - 1 : 0, r = x + 1 < width ? x + 1 : x;
            const int sum = above[l] + above[r] + below[l] + below[r] + 4 * here[x] +
                            2 * (above[x] + below[x] + here[l] + here[r]);
            const int v = 32 + ((sum - base) * gain >> 12);
            row[x] = (u8)(v < 0 ? 0 : v > 255 ? 255 : v);
        }
    }
}

/* Builds all levels from the width x height pixels in input. A frame whose longest side is over
 * MAX_SIDE is first reduced by a whole factor. Returns 0 for a size that cannot be looked at. */
int load_frame(int width, int height) {
    if (width < MIN_SIDE || height < MIN_SIDE) return 0;
    if (width > MAX_INPUT / MIN_SIDE || height > MAX_INPUT / width) return 0;
    const int longest = width > height ? width : height;
    const int factor = (longest + MAX_SIDE - 1) / MAX_SIDE;
    level_width[0] = width / factor;
    level_height[0] = height / factor;
    if (level_width[0] < MIN_SIDE || level_height[0] < MIN_SIDE) return 0;
    level_scale[0] = (float)factor;
    if (factor == 1)
        __builtin_memcpy(level_pixels[0], input, (unsigned)(width * height));
    else
        reduce(width, factor, level_width[0], level_height[0]);
    brighten(level_pixels[0], level_width[0], level_height[0]);
    for (int l = 1; l < LEVELS; l++) {
        level_width[l] = level_width[l - 1] * 5 / 6;
        level_height[l] = level_height[l - 1] * 5 / 6;
        level_scale[l] = level_scale[l - 1] * 1.2f;
        shrink(l - 1);
    }
    return 1;
}

/* Gaussian of sigma 2 over seven pixels in integers: (18 34 49 54 49 34 18) / 256. May write up to
 * 7 px past the width. */
static void weigh_seven(const u8 *const line[7], u8 *restrict out, int width) {
#ifdef SIMD
    for (int x = 0; x < width; x++)
        out[x] = (u8)((u16)(18 * (line[0][x] + line[6][x]) + 34 * (line[1][x] + line[5][x]) +
                            49 * (line[2][x] + line[4][x]) + 54 * line[3][x]) >> 8);
#else
    static const u8 weight[7] = {18, 34, 49, 54, 49, 34, 18};
    for (int x = 0; x < width; x += 8) {
        u64 even = 0, odd = 0;
        for (int k = 0; k < 7; k++) {
            const u64 v = load8(line[k] + x);
            even += weight[k] * (v & LANES);
            odd += weight[k] * (v >> 8 & LANES);
        }
        store8(out + x, even, odd);
    }
#endif
}

/* The Gaussian along both axes, edges mirrored. */
static void smooth(const u8 *in, u8 *out, int width, int height) {
    static u8 padded[MAX_SIDE + 96];
    u8 *t = padded + 16;
    const u8 *line[7], *along[7];
    for (int k = 0; k < 7; k++) along[k] = t + k - 3;
    for (int y = 0; y < height; y++, out += width) {
        for (int k = 0; k < 7; k++) {
            int at = y + k - 3;
            at = at < 0 ? -at : at >= height ? 2 * height - 2 - at : at;
            line[k] = in + at * width;
        }
        weigh_seven(line, t, width);
        for (int k = 1; k <= 3; k++) {
            t[-k] = t[k];
            t[width - 1 + k] = t[width - 1 - k];
        }
        weigh_seven(along, out, width);
    }
}

void smooth_levels(int first, int levels) {
    for (int l = first; l < levels; l++)
        smooth(level_pixels[l], smooth_pixels[l], level_width[l], level_height[l]);
}
