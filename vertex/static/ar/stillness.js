// Notices that neither phone nor print move: then fewer looks do, and the battery lasts longer.

/** @typedef {import('./types').Pose} Pose */
/** @typedef {import('./types').Seen} Seen */

const STILL = 1.5; // px of the frame that a corner may move
const AFTER = 3000; // ms
const CALM = 2; // every second frame

export class Stillness {
  /** @param {(every: number) => void} setPace is told to look at every n-th frame */
  constructor(setPace) {
    this.setPace = setPace;
    this.pace = 1;
    this.since = 0;
    /** @type {number[]} */
    this.where = [];
  }

  /**
   * @param {Pose} pose
   * @param {Seen} seen
   */
  note(pose, seen) {
    const {homography: h} = seen;
    const now = performance.now();
    const where = [h[2] / h[8], h[5] / h[8], (h[0] * pose.width) / h[8], (h[4] * pose.height) / h[8]];
    const moved = where.some((value, k) => !(Math.abs(value - this.where[k]) < STILL));
    if (moved) {
      this.where = where;
      this.since = now;
    }
    this.keep(now - this.since > AFTER ? CALM : 1);
  }

  /** The print is out of sight: it is looked for with every frame. */
  forget() {
    this.where = [];
    this.keep(1);
  }

  /** @param {number} pace */
  keep(pace) {
    if (pace !== this.pace) this.setPace(pace);
    this.pace = pace;
  }
}
