/* What the world calls: a frame goes in, the portraits' places come out. */
#include "core.h"

enum {
    CHOICE = 6,          /* corners to choose from, for each that is wanted */
    CANDIDATES = 6,      /* portraits that are aligned to find which one it is */
    MIN_VOTES = 7,       /* matches of a candidate */
    SEARCH_EVERY = 10    /* frames, for further portraits of an album */
};
/* Of what lies inside the frame, the share that must show the portrait for a hit to be believed; less
 * will do where the fit is tight. Wrong pictures reach 0.32, and never a tight fit. */
static const float SURE_SHARE = 0.4f, START_SHARE = 0.22f;
static const float SHOWABLE = 1; /* px a corner may be off for the portrait to be shown there */
static const float LOOSE = 0.6f; /* px beyond which it is aligned once more */

/* What a search looks at: how many features, from which level on. Weak phones search smaller pictures
 * and so see small prints later; a portrait that is followed is followed as exactly by all. */
typedef struct {
    int wanted, first_level;
} Effort;
static const Effort efforts[] = {{600, 0}, {450, 1}, {300, 2}};
enum { EFFORTS = sizeof efforts / sizeof *efforts };

static Result results[MAX_FOUND];
static Effort effort = {600, 0};
static u32 frames; /* since reset */

EXPORT(frame_buffer) u8 *frame_buffer(void) { return input; }
EXPORT(frame_capacity) i32 frame_capacity(void) { return MAX_INPUT; }
EXPORT(result_buffer) Result *result_buffer(void) { return results; }
EXPORT(result_capacity) i32 result_capacity(void) { return MAX_FOUND; }
EXPORT(feature_buffer) Feature *feature_buffer(void) { return features; }
EXPORT(descriptor_buffer) u8 *descriptor_buffer(void) { return &descriptors[0][0]; }
EXPORT(portrait_count) i32 portrait_count(void) { return marker.portraits; }

/* Chooses how much a search may cost, 0 the most; returns what was chosen. */
EXPORT(set_effort) i32 set_effort(i32 which) {
    which = which < 0 ? 0 : which >= EFFORTS ? EFFORTS - 1 : which;
    effort = efforts[which];
    return which;
}

/* Forgets what was followed; the next frame is searched from scratch. */
EXPORT(reset) void reset(void) {
    for (int k = 0; k < MAX_FOUND; k++) tracks[k].frames = 0;
    frames = 0;
    forget_lens();
    forget_camera();
}

EXPORT(load_marker) i32 load_marker(i32 length) {
    reset();
    forget_tracks();
    const i32 verdict = read_marker(length);
    prepare_matching();
    return verdict;
}

/* Finds and describes up to `wanted` corners of the frame, none of less than `least` grey levels;
 * returns how many, or -1 for a size that cannot be looked at. The marker is made of these. */
EXPORT(extract) i32 extract(i32 width, i32 height, i32 wanted, i32 levels, i32 least) {
    if (levels < 1 || levels > DETECT_LEVELS || !load_frame(width, height)) return -1;
    const int threshold = choose_threshold(CHOICE * wanted, 0, levels);
    find_corners(wanted, 0, levels, threshold > least ? threshold : least);
    smooth_levels(0, levels);
    describe_features();
    return feature_count;
}

/* True when a portrait is followed so surely that it is shown; else it is looked for as well. */
static int is_shown(const Track *track) {
    return track && track->frames && track->fit.spread <= SHOWABLE;
}

/* The portraits whose matches agree most and that are not shown yet, best first; returns how many. */
static int choose_candidates(int *chosen) {
    int agreed[CANDIDATES], count = 0;
    for (int p = 0; p < marker.portraits; p++) {
        if (match_start[p + 1] - match_start[p] < MIN_VOTES || is_shown(track_of(p))) continue;
        const int votes = marker.portraits > CANDIDATES ? agreeing_matches(p) : MIN_VOTES;
        if (votes < MIN_VOTES) continue;
        int at = count < CANDIDATES ? count++ : CANDIDATES;
        for (; at > 0 && agreed[at - 1] < votes; at--)
            if (at < CANDIDATES) agreed[at] = agreed[at - 1], chosen[at] = chosen[at - 1];
        if (at < CANDIDATES) agreed[at] = votes, chosen[at] = p;
    }
    return count;
}

/* True when two portraits claim the same place of the frame: the middle of one lies in the other. */
static int overlap(const Track *a, const Fit *fit) {
    const double x = fit->h[2] / fit->h[8], y = fit->h[5] / fit->h[8];
    int inside = 1;
    for (int k = 0; k < 8; k += 2) {
        const int n = (k + 2) & 7;
        inside &= (a->corners[n] - a->corners[k]) * (y - a->corners[k + 1]) -
                      (a->corners[n + 1] - a->corners[k + 1]) * (x - a->corners[k]) > 0;
    }
    return inside;
}

/* Aligns a detected portrait until it is tight; 0 when it is not to be believed. */
static int align_well(const Target *target, Fit *fit) {
    for (int round = 0; round < 3; round++) {
        if (!align_portrait(target, fit)) return 0;
        fit->spread = corner_spread(target, fit);
        if (fit->spread < LOOSE) break;
    }
    return fit->share >= SURE_SHARE || (fit->share >= START_SHARE && fit->spread <= SHOWABLE);
}

/* Where several portraits claim the same place, the one that looks most like it is there. */
static void settle(int portrait, const Fit *fit, int inliers) {
    Track *rival = 0;
    for (int k = 0; k < MAX_FOUND; k++)
        if (tracks[k].frames && overlap(&tracks[k], fit)) rival = &tracks[k];
    if (rival && rival->fit.correlation >= fit->correlation) return;
    if (rival) rival->frames = 0;
    Track *track = begin_track(portrait, fit);
    if (track) track->inliers = inliers;
}

/* Gives the newly found a last chance to be another portrait of the album. */
static void compare_with_album(void) {
    for (int k = 0; k < MAX_FOUND; k++) {
        if (tracks[k].frames != 1) continue;
        const int other = most_alike(tracks[k].portrait, &tracks[k].fit);
        if (other == tracks[k].portrait || track_of(other)) continue;
        static Fit fit;
        fit = tracks[k].fit;
        fit.gain[0] = 0;
        if (align_well(target_of(other), &fit)) settle(other, &fit, tracks[k].inliers);
    }
}

/* Looks for portraits anywhere in the frame: matches propose, alignment decides. */
static void detect(void) {
    int chosen[CANDIDATES];
    const int first = effort.first_level;
    const int threshold = choose_threshold(CHOICE * effort.wanted, first, DETECT_LEVELS);
    find_corners(effort.wanted, first, DETECT_LEVELS, threshold);
    smooth_levels(first, DETECT_LEVELS);
    describe_features();
    match_features();
    const int count = choose_candidates(chosen);
    for (int k = 0; k < count; k++) {
        static Fit fit;
        const int inliers = estimate_homography(chosen[k], fit.h);
        fit.gain[0] = 0;
        fit.blur = 0;
        if (inliers && align_well(target_of(chosen[k]), &fit)) settle(chosen[k], &fit, inliers);
    }
    if (marker.portraits > 1) compare_with_album();
}

/* Puts the track's place into a result, in portrait px: the homography of its corners as the lens
 * shows them. */
static void answer(const Track *track, Result *result) {
    const Portrait *portrait = &marker.portrait[track->portrait];
    const double w = portrait->width, h = portrait->height;
    const double outline[8] = {0, 0, w, 0, w, h, 0, h};
    double unit[8], corners[8];
    unit_corners(portrait->aspect, unit);
    project4(track->fit.h, unit, corners);
    for (int k = 0; k < 8; k += 2) bend_point(&corners[k], &corners[k + 1]);
    map_quad(outline, corners, result->homography);
    normalise3(result->homography);
    result->focal = pose_of(track->fit.h, portrait->aspect, result->pose);
    result->index = track->portrait;
    result->inliers = track->frames > 1 ? 0 : track->inliers;
    result->tracked = track->frames > 1;
    result->correlation = track->fit.correlation;
    result->share = track->fit.share;
    result->spread = track->fit.spread;
}

/* Looks for the marker's portraits in the width x height pixels of frame_buffer(); returns how many
 * are there, or -1 for a size that cannot be looked at. The answers are in result_buffer(). */
EXPORT(find) i32 find(i32 width, i32 height) {
    int followed = 0, found = 0;
    __builtin_memset(results, 0, sizeof results);
    if (!load_frame(width, height)) return -1;
    if (marker.count == 0) return 0;
    for (int k = 0; k < MAX_FOUND; k++)
        if (tracks[k].frames) followed += follow_track(&tracks[k]) && is_shown(&tracks[k]);
    const int more = marker.portraits > followed && followed < MAX_FOUND;
    if (followed == 0 || (more && frames % SEARCH_EVERY == 0)) detect();
    frames++;
    for (int k = 0; k < MAX_FOUND; k++)
        if (is_shown(&tracks[k]))
            learn_camera(tracks[k].fit.h, marker.portrait[tracks[k].portrait].aspect);
    for (int k = 0; k < MAX_FOUND; k++)
        if (is_shown(&tracks[k])) answer(&tracks[k], &results[found++]);
    return found;
}
