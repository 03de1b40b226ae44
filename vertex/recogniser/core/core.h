/* Vertex recogniser: finds a printed portrait in a grey camera frame.
 *
 *   grey frame -> pyramid -> corners -> descriptors -> matches -> homography -> alignment
 *
 * The same source is the phone's recogniser, the server's engine and the marker's maker. It uses no
 * libc and allocates nothing: every buffer below is static, so memory never grows.
 *
 * Coordinates are pixel edges, not centres: pixel i covers [i, i+1), its centre is i + 0.5.
 * The portrait's own coordinates ("unit") are centred and divided by half of its height:
 * y runs from -1 to 1, x from -aspect to aspect.
 *
 * Built twice, with and without SIMD. Everything up to the descriptors is integer arithmetic or
 * float arithmetic in a fixed order, so that both builds give the same bits. */
#ifndef VERTEX_CORE_H
#define VERTEX_CORE_H

#include <stdint.h>

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#define SIMD 1
#endif

#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(#name)))
#else
#define EXPORT(name)
#endif

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t i32;

enum {
    MAX_SIDE = 640,          /* longest side of the frame that is looked at */
    MAX_INPUT = 2048 * 2048, /* pixels of a frame as given, before it is reduced */
    MIN_SIDE = 48,           /* below this no corner can be described */
    LEVELS = 10,             /* pyramid levels for alignment; each 5/6 of the one before */
    DETECT_LEVELS = 6,       /* of these, the ones searched for corners */
    BORDER = 18,             /* a corner's patch reaches 15 px, its descriptor 14 */
    MAX_FEATURES = 2048,
    MAX_DESCRIPTORS = 4096,  /* of one marker */
    DESCRIPTOR_BYTES = 32,
    TEMPLATES = 3,           /* stored template, half and quarter size */
    MAX_TEMPLATE = 49152,    /* pixels of the stored template */
    MAX_MARKER = 262144      /* bytes of a marker file */
};

typedef struct {
    float x, y;       /* place in the frame, px */
    float strength;   /* Harris response */
    i32 level;        /* pyramid level */
    float cos, sin;   /* orientation */
    i32 level_x, level_y;
} Feature;

typedef struct {
    i32 feature, descriptor, distance;
} Match;

/* What find() answers; read by engine.py and worker.js at these offsets. */
typedef struct {
    double homography[9]; /* portrait px -> frame px, last element 1 */
    i32 found;            /* 1 when the portrait is in the frame */
    i32 index;            /* which portrait of the marker */
    i32 inliers;          /* matches behind the last detection of it */
    i32 tracked;          /* 1 when it was followed, 0 when newly detected */
    float correlation;    /* of the portrait with the frame, -1..1 */
    i32 candidates;       /* corners seen before selection, when detecting */
} Result;

/* pyramid.c */
extern u8 input[MAX_INPUT + 64];
extern u8 *const level_pixels[LEVELS];
extern int level_width[LEVELS], level_height[LEVELS];
extern float level_scale[LEVELS]; /* frame px per level px */
extern u8 *const smooth_pixels[DETECT_LEVELS];
int load_frame(int width, int height);
void smooth_levels(int levels);

/* corners.c */
extern Feature features[MAX_FEATURES];
extern int feature_count, candidate_count;
void find_corners(int wanted, int levels, int threshold);

/* descriptors.c */
extern u8 descriptors[MAX_FEATURES][DESCRIPTOR_BYTES];
void describe_features(void);

/* marker.c */
typedef struct {
    int count;
    float width, height, aspect;                    /* px, px, width / height */
    float x[MAX_DESCRIPTORS], y[MAX_DESCRIPTORS];   /* unit coordinates */
    u8 descriptor[MAX_DESCRIPTORS][DESCRIPTOR_BYTES] __attribute__((aligned(16)));
} Marker;
extern Marker marker;

/* matching.c */
extern Match matches[MAX_FEATURES];
extern int match_count;
void match_features(void);

/* homography.c: 3x3 matrices, row by row */
void invert3(const double *m, double *out); /* up to scale */
void multiply3(const double *a, const double *b, double *out);
void normalise3(double *m);
int map_quad(const double *from, const double *to, double *out);
void unit_corners(double *quad);
void project4(const double *h, const double *quad, double *out);
double quad_area(const double *quad);
int solve(double *rows, int n);
int estimate_homography(double *unit_to_frame);

/* alignment.c */
void set_template(const u8 *pixels, int width, int height);
int align_portrait(double *unit_to_frame, float *gain_and_bias, float *correlation);

static inline float absf(float a) { return __builtin_fabsf(a); }
static inline double absd(double a) { return __builtin_fabs(a); }

#endif
