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
    MAX_CANDIDATES = 32768,  /* of a level */
    MAX_FEATURES = 2048,
    MAX_MATCHES = 32768,     /* of all portraits together */
    MAX_PORTRAITS = 50,      /* of one marker */
    MAX_DESCRIPTORS = 65536, /* of one marker */
    MAX_CLUSTERS = 256,      /* its descriptors are grouped into, when it has many */
    MAX_FOUND = 4,           /* portraits followed at once */
    DESCRIPTOR_BYTES = 32,
    TEMPLATES = 3,           /* stored template, half and quarter size */
    BLURS = 4,               /* each template size as sharp as it is, and softer */
    MAX_POINTS = 768,        /* of a template size */
    CELLS_ACROSS = 6, CELLS_DOWN = 7, CELLS = CELLS_ACROSS * CELLS_DOWN,
    HOMOGRAPHY = 8,          /* parameters */
    COLUMNS = 12,            /* of a point: ten used, padded to whole vectors */
    MAX_TEMPLATE = 49152,    /* pixels of the stored template */
    MAX_MARKER = 4750000     /* bytes of a marker file: 95 kB a portrait of the largest album */
};

typedef struct {
    float x, y;       /* place in the frame, px */
    float strength;   /* Harris response */
    i32 level;        /* pyramid level */
    float cos, sin;   /* orientation */
    i32 level_x, level_y;
} Feature;

typedef struct {
    i32 descriptor;
    u16 feature;
    u8 distance, portrait;
} Match;

/* What find() answers for each portrait; read by engine.py and worker.js at these offsets. */
typedef struct {
    double homography[9]; /* portrait px -> frame px, last element 1 */
    i32 index;            /* which portrait of the marker */
    i32 inliers;          /* matches behind the last detection of it */
    i32 tracked;          /* 1 when it was followed, 0 when newly detected */
    float correlation;    /* of the portrait with the frame, -1..1 */
    float share;          /* of the portrait inside the frame, that which shows it, 0..1 */
    float spread;         /* px: standard deviation of the least certain corner */
    double pose[12];      /* portrait -> camera, row by row 3 x 4, as pose.c says; 0 when unknown */
    double focal;         /* px of the frame, of the camera as far as it is known */
} Result;

/* pyramid.c */
extern u8 input[MAX_INPUT + 64];
extern u8 *const level_pixels[LEVELS];
extern int level_width[LEVELS], level_height[LEVELS];
extern float level_scale[LEVELS]; /* frame px per level px */
extern u8 *const smooth_pixels[DETECT_LEVELS]; /* scratch until smooth_levels() */
int load_frame(int width, int height);
void smooth_levels(int first, int levels);

/* fast.c */
typedef struct {
    u16 x, y;
    u8 score;
    float strength; /* left to corners.c */
} Candidate;
extern Candidate candidates[MAX_CANDIDATES]; /* of the level at hand */
extern int candidate_count;
int choose_threshold(int aim, int first, int levels);
void find_candidates(int level, int threshold);

/* corners.c */
extern Feature features[MAX_FEATURES];
extern int feature_count;
void find_corners(int wanted, int first, int levels, int threshold);

/* descriptors.c */
extern u8 descriptors[MAX_FEATURES][DESCRIPTOR_BYTES];
void describe_features(void);

/* marker.c */
typedef struct {
    float width, height, aspect; /* px, px, width / height */
    const u8 *pixels;            /* of the template */
    int across, down;            /* its size, px */
    const u8 *views;             /* a matrix of four floats for each view level */
    u32 view_levels;
} Portrait;

/* A marker as read. Pointers lead into the file itself, whose parts have no alignment. */
typedef struct {
    int portraits, count, clusters;
    Portrait portrait[MAX_PORTRAITS];
    const u8 *owner;      /* count: which portrait a descriptor belongs to */
    const u8 *view;       /* count: in which view level of its portrait it was seen */
    const u8 *angle;      /* count: 256ths of a turn */
    const u8 *place;      /* count times x, y: 65535ths of width and height */
    u8 *descriptor;       /* count of DESCRIPTOR_BYTES, cluster by cluster; sliced by matching.c */
    const u8 *centre;     /* of each cluster, DESCRIPTOR_BYTES */
    u32 end[MAX_CLUSTERS]; /* of each cluster, an index of descriptors */
} Marker;
extern Marker marker;
i32 read_marker(i32 length);
void place_of(int descriptor, float *x, float *y);
void view_of(int descriptor, float *matrix, float *cos, float *sin);

/* matching.c */
extern Match matches[MAX_MATCHES];          /* sorted by portrait */
extern int match_start[MAX_PORTRAITS + 1];
void prepare_matching(void);
void match_features(void);

/* matrices.c: 3x3, row by row */
void invert3(const double *m, double *out); /* up to scale */
void multiply3(const double *a, const double *b, double *out);
void normalise3(double *m);
int map_quad(const double *from, const double *to, double *out);
void unit_corners(float aspect, double *quad);
void project4(const double *h, const double *quad, double *out);
double quad_area(const double *quad);
int solve(double *rows, int n);

/* homography.c */
int agreeing_matches(int portrait);
int estimate_homography(int portrait, double *unit_to_frame);

/* template.c */
typedef struct {
    int count;
    float height;                               /* px of the portrait's height at this size */
    int start[CELLS + 1];                       /* the first point of each cell */
    float x[MAX_POINTS], y[MAX_POINTS];         /* unit coordinates */
    float rows[BLURS][MAX_POINTS][COLUMNS];     /* gradients by parameter, brightness, 1 */
} Template;

/* A portrait made ready for alignment. */
typedef struct {
    float aspect;
    Template templates[TEMPLATES];
} Target;

void set_target(Target *target, const u8 *pixels, int width, int height);

/* alignment.c */
/* Where a portrait lies in the frame, in which light, and how surely. */
typedef struct {
    double h[9];                       /* unit coordinates -> frame px */
    float gain[CELLS], bias[CELLS];    /* template brightness -> frame brightness */
    u8 visible[CELLS];                 /* cells that take part */
    i32 blur;                          /* which of the template's blurs fits */
    i32 judged, good;                  /* cells inside the frame, and those that show the portrait */
    float correlation, share;          /* of the cells inside: mean, and points in good ones */
    double normal[8][9];               /* of the last step */
    float noise;                       /* variance of the residuals, grey levels squared */
    float spread;                      /* px by which a corner may be off */
    float lens;                        /* of lens.c, when this was fitted */
} Fit;
extern float sampled[MAX_POINTS]; /* frame brightness under each point, below 0 when outside */
int align_portrait(const Target *target, Fit *fit);
int align_size(const Template *t, int level, Fit *fit, int steps);

/* judging.c */
typedef struct {
    float points, mean_frame, mean_template, var_frame, var_template, covariance;
} Moments;
Moments moments_of(const Template *t, int blur, int first, int last);
void judge(const Template *t, Fit *fit);
float likeness_of(const Template *t, const Fit *fit);
int choose_blur(const Template *t, Fit *fit);
float corner_spread(const Target *target, const Fit *fit);

/* lens.c */
extern float lens;
void forget_lens(void);
void bend_point(double *x, double *y);
void refine_lens(const Template *t, int level, Fit *fit);

/* pose.c */
void forget_camera(void);
void learn_camera(const double *h, float aspect);
double pose_of(const double *h, float aspect, double *pose);

/* likeness.c */
int most_alike(int found, const Fit *fit);

/* tracks.c */
typedef struct {
    int portrait;
    int frames;                     /* in a row; 0 when nothing is followed here */
    int inliers;                    /* of its detection */
    double corners[8], before[8];   /* in the last two frames */
    Fit fit;
} Track;
extern Track tracks[MAX_FOUND];
void forget_tracks(void);
const Target *target_of(int portrait);
Track *track_of(int portrait);
int follow_track(Track *track);
Track *begin_track(int portrait, const Fit *fit);

static inline float absf(float a) { return __builtin_fabsf(a); }
static inline double absd(double a) { return __builtin_fabs(a); }

#endif
