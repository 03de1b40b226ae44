/* The portraits that are followed from frame to frame, and what was made ready for aligning them. */
#include "core.h"

enum { READY = MAX_FOUND + 1 };
/* Of what lies inside the frame, the share that must show the portrait for it to be followed. */
static const float FOLLOW_SHARE = 0.2f;
static const float TIGHT = 1.5f; /* px; with a looser fit it must be more */
static const float LOOSE_SHARE = 0.4f;

static int still_there(const Fit *fit) {
    return fit->share >= (fit->spread <= TIGHT ? FOLLOW_SHARE : LOOSE_SHARE);
}

Track tracks[MAX_FOUND];

static Target targets[READY];
static int target_portrait[READY]; /* one more, so that 0 is none */
static u32 used_at[READY], now;

void forget_tracks(void) {
    for (int k = 0; k < MAX_FOUND; k++) tracks[k].frames = 0;
    for (int k = 0; k < READY; k++) target_portrait[k] = 0;
}

Track *track_of(int portrait) {
    for (int k = 0; k < MAX_FOUND; k++)
        if (tracks[k].frames && tracks[k].portrait == portrait) return &tracks[k];
    return 0;
}

/* The portrait made ready, in the place of the one that was of use longest ago if it was not yet. */
const Target *target_of(int portrait) {
    int oldest = -1;
    now++;
    for (int k = 0; k < READY; k++) {
        if (target_portrait[k] == portrait + 1) {
            used_at[k] = now;
            return &targets[k];
        }
        if (target_portrait[k] && track_of(target_portrait[k] - 1)) continue;
        if (oldest < 0 || used_at[k] < used_at[oldest]) oldest = k;
    }
    const Portrait *p = &marker.portrait[portrait];
    targets[oldest].aspect = p->aspect;
    set_target(&targets[oldest], p->pixels, p->across, p->down);
    target_portrait[oldest] = portrait + 1;
    used_at[oldest] = now;
    return &targets[oldest];
}

static void keep_corners(Track *track) {
    double unit[8];
    unit_corners(marker.portrait[track->portrait].aspect, unit);
    __builtin_memcpy(track->before, track->corners, sizeof track->corners);
    project4(track->fit.h, unit, track->corners);
    track->frames++;
}

/* Starts to follow a portrait where it was detected; 0 when as many are followed as can be. */
Track *begin_track(int portrait, const Fit *fit) {
    Track *track = track_of(portrait);
    for (int k = 0; !track && k < MAX_FOUND; k++)
        if (!tracks[k].frames) track = &tracks[k];
    if (!track) return 0;
    track->frames = 0;
    track->portrait = portrait;
    track->fit = *fit;
    keep_corners(track);
    return track;
}

/* Follows a portrait into the frame at hand, corners moving on at the speed they had; 0 when it is
 * not there any more. */
int follow_track(Track *track) {
    double unit[8], guess[8];
    for (int i = 0; i < 8; i++)
        guess[i] = track->frames > 1 ? 2 * track->corners[i] - track->before[i] : track->corners[i];
    unit_corners(marker.portrait[track->portrait].aspect, unit);
    if (map_quad(unit, guess, track->fit.h)) {
        normalise3(track->fit.h);
        const Target *target = target_of(track->portrait);
        if (align_portrait(target, &track->fit)) {
            track->fit.spread = corner_spread(target, &track->fit);
            if (still_there(&track->fit)) {
                keep_corners(track);
                return 1;
            }
        }
    }
    track->frames = 0;
    return 0;
}
