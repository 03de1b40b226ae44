/* What the world calls: a frame goes in, the portrait's place comes out. */
#include "core.h"

enum {
    WANTED = 600,        /* features of a frame */
    FIRST_THRESHOLD = 8, /* of FAST, in grey levels; then it adapts */
    LEAST_THRESHOLD = 4,
    MOST_THRESHOLD = 30
};
/* Wrong pictures stay at 0.48 and below, true ones above 0.79 when covered by a third. */
static const float START_CORRELATION = 0.65f, FOLLOW_CORRELATION = 0.7f;

i32 read_marker(i32 length); /* marker.c */

static Result result;
static double corners[8], corners_before[8]; /* of the portrait in the last two frames */
static int followed;                         /* frames in a row, 0 when not tracking */
static float gain_and_bias[2];
static int threshold = FIRST_THRESHOLD;

EXPORT(frame_buffer) u8 *frame_buffer(void) { return input; }
EXPORT(frame_capacity) i32 frame_capacity(void) { return MAX_INPUT; }
EXPORT(result_buffer) Result *result_buffer(void) { return &result; }
EXPORT(feature_buffer) Feature *feature_buffer(void) { return features; }
EXPORT(descriptor_buffer) u8 *descriptor_buffer(void) { return &descriptors[0][0]; }

/* Forgets what was followed; the next frame is searched from scratch. */
EXPORT(reset) void reset(void) {
    followed = 0;
    threshold = FIRST_THRESHOLD;
}

EXPORT(load_marker) i32 load_marker(i32 length) {
    reset();
    return read_marker(length);
}

/* Finds and describes up to `wanted` corners of the frame; returns how many, or -1 for a size that
 * cannot be looked at. The marker is made of these. */
EXPORT(extract) i32 extract(i32 width, i32 height, i32 wanted, i32 levels, i32 fast_threshold) {
    if (levels < 1 || levels > DETECT_LEVELS || !load_frame(width, height)) return -1;
    find_corners(wanted, levels, fast_threshold);
    smooth_levels(levels);
    describe_features();
    return feature_count;
}

/* Corners with a threshold that follows the scene: four to eight candidates for each wanted one. */
static void find_enough_corners(void) {
    find_corners(WANTED, DETECT_LEVELS, threshold);
    if (candidate_count < 2 * WANTED && threshold > LEAST_THRESHOLD) {
        threshold = threshold * 2 / 3;
        if (threshold < LEAST_THRESHOLD) threshold = LEAST_THRESHOLD;
        find_corners(WANTED, DETECT_LEVELS, threshold);
    } else if (candidate_count > 8 * WANTED && threshold < MOST_THRESHOLD) {
        threshold++;
    } else if (candidate_count < 4 * WANTED && threshold > LEAST_THRESHOLD) {
        threshold--;
    }
}

/* Looks for the portrait anywhere in the frame: matches propose, alignment decides. */
static int detect(double *pose) {
    find_enough_corners();
    smooth_levels(DETECT_LEVELS);
    describe_features();
    match_features();
    result.candidates = candidate_count;
    result.inliers = estimate_homography(pose);
    gain_and_bias[0] = 0;
    return result.inliers > 0 && align_portrait(pose, gain_and_bias, &result.correlation) &&
           result.correlation >= START_CORRELATION;
}

/* Follows the portrait from the last frames, corners moving on at the speed they had. */
static int follow(double *pose) {
    double unit[8], guess[8];
    for (int i = 0; i < 8; i++)
        guess[i] = followed > 1 ? 2 * corners[i] - corners_before[i] : corners[i];
    unit_corners(unit);
    if (!map_quad(unit, guess, pose)) return 0;
    normalise3(pose);
    return align_portrait(pose, gain_and_bias, &result.correlation) &&
           result.correlation >= FOLLOW_CORRELATION;
}

static void accept(const double *pose) {
    double unit[8];
    unit_corners(unit);
    __builtin_memcpy(corners_before, corners, sizeof corners);
    project4(pose, unit, corners);
    followed++;
    const double sx = 2 / (double)marker.height; /* portrait px -> unit */
    const double to_unit[9] = {sx, 0, -marker.aspect, 0, sx, -1, 0, 0, 1};
    multiply3(pose, to_unit, result.homography);
    normalise3(result.homography);
}

/* Looks for the marker's portrait in the width x height pixels of frame_buffer(); returns how many
 * portraits are there, or -1 for a size that cannot be looked at. The answer is in result_buffer(). */
EXPORT(find) i32 find(i32 width, i32 height) {
    double pose[9];
    __builtin_memset(&result, 0, sizeof result);
    if (!load_frame(width, height)) return -1;
    if (marker.count == 0) return 0;
    result.tracked = followed > 0 && follow(pose);
    if (!result.tracked) {
        followed = 0;
        if (!detect(pose)) return 0;
    }
    accept(pose);
    result.found = 1;
    return 1;
}
