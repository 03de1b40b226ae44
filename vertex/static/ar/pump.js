// Camera frames for browsers without a direct path: one after the other, by the way that is fastest.

import {pace, report} from './frames.js';
import {ways} from './ways.js';

/** @typedef {import('./types').Pose} Pose */
/** @typedef {import('./types').Way} Way */
/** @typedef {import('./types').Take} Take */

const PATIENCE = 10; // frames in a row that may fail before a way is abandoned
const TRIAL = 5; // frames by which a way is judged
const WARMING = 1; // of them, the first, which do not count
const TOO_DEAR = 1.5; // times the cost of the cheapest: no need to look longer
const LONGEST_FAILURE = 400; // ms; one that takes longer is not waited for again
const REMEMBERED = 60; // frames

/** Takes frame after frame, never two at once, and learns which way costs least. */
export class Pump {
  /**
   * @param {Worker} worker
   * @param {HTMLVideoElement} camera
   */
  constructor(worker, camera) {
    this.worker = worker;
    this.camera = camera;
    this.signal = new AbortController().signal;
    this.busy = false;
    this.fresh = false;
    this.frames = 0;
    this.trials = ways.filter((way) => way.possible()).map((way) => new Trial(way));
    this.trial = this.trials[0];
  }

  /**
   * @param {MediaStreamTrack} track
   * @param {AbortSignal} signal
   */
  start(track, signal) {
    const {camera} = this;
    this.signal = signal;
    const next = camera.requestVideoFrameCallback
      ? camera.requestVideoFrameCallback.bind(camera)
      : requestAnimationFrame;
    const look = () => {
      if (signal.aborted || track.readyState === 'ended') return;
      if (this.frames++ % pace.every === 0) {
        this.fresh = true;
        this.take();
      }
      next(look);
    };
    next(look);
  }

  async take() {
    const {trial, signal} = this;
    if (signal.aborted || this.busy || !this.fresh || !this.camera.videoWidth) return;
    this.busy = true;
    this.fresh = false;
    const began = performance.now();
    try {
      const {message, transfer, busy} = await trial.take(this.camera);
      const pose = await this.ask(message, transfer);
      // the search costs the same whichever way the frame came
      const reach = performance.now() - began - (pose.ms - pose.taken);
      if (!signal.aborted) {
        trial.note(reach, busy);
        remember(reach, busy);
      }
    } catch {
      // a hidden page's timers are slow, which says nothing about the way
      if (!signal.aborted) trial.fail(performance.now() - began);
    }
    this.choose();
    this.busy = false;
    this.take(); // the camera may have gone on meanwhile
  }

  /**
   * The Worker's answer to a frame.
   * @param {object} message
   * @param {Transferable[]} transfer
   * @returns {Promise<Pose>}
   */
  ask(message, transfer) {
    return new Promise((resolve, reject) => {
      /** @param {MessageEvent} event */
      const listen = ({data}) => {
        if (data.type !== 'pose' && data.type !== 'failed') return;
        this.worker.removeEventListener('message', listen);
        if (data.type === 'pose') resolve(data);
        else reject(new Error(data.reason));
      };
      this.worker.addEventListener('message', listen);
      this.worker.postMessage(message, transfer);
    });
  }

  /** The ways take turns until all are judged: what else the page does then slows all alike. */
  choose() {
    const usable = this.trials.filter((trial) => !trial.abandoned);
    const cheapest = least(usable, (trial) => trial.cost());
    if (!cheapest) return; // nothing works: the last way goes on trying
    const dearest = cheapest.cost() * TOO_DEAR;
    const open = usable.filter((trial) => !trial.judged() && !(trial.cost() > dearest));
    const untried = usable.filter((trial) => trial.cost() === Infinity);
    this.trial = least(untried.length ? untried : open, (trial) => trial.tries) ?? cheapest;
    report.way = this.trial.way.name;
    report.costs = Object.fromEntries(usable.map((trial) => [trial.way.name, trial.cost()]));
  }
}

/** @param {number} reach @param {number} busy */
function remember(reach, busy) {
  report.reach.push(reach);
  report.busy.push(busy);
  report.reach.splice(0, report.reach.length - REMEMBERED);
  report.busy.splice(0, report.busy.length - REMEMBERED);
}

/**
 * @template T
 * @param {T[]} things
 * @param {(thing: T) => number} measure
 * @returns {T | undefined}
 */
function least(things, measure) {
  return [...things].sort((a, b) => measure(a) - measure(b))[0];
}

/** One way, and what it has shown so far. */
class Trial {
  /** @param {Way} way */
  constructor(way) {
    this.way = way;
    this.tries = 0;
    this.failures = 0;
    /** @type {number[]} */
    this.costs = [];
    /** @type {Take | null} */
    this.taker = null;
  }

  get abandoned() {
    return this.failures >= PATIENCE;
  }

  /** @param {HTMLVideoElement} camera */
  take(camera) {
    this.tries++;
    this.taker ??= this.way.start();
    return this.taker(camera);
  }

  /**
   * @param {number} ms until the pixels were in the Worker
   * @param {number} busy ms of them on this thread, which draws the page: they count twice
   */
  note(ms, busy) {
    this.failures = 0;
    if (!this.judged()) this.costs.push(ms + busy);
  }

  /**
   * The first frames of a camera may not be ready to be taken; but they say so at once.
   * @param {number} ms
   */
  fail(ms) {
    this.failures += ms < LONGEST_FAILURE ? 1 : PATIENCE;
  }

  judged() {
    return this.costs.length >= TRIAL;
  }

  /** The median of what counts, ms; infinite before that. */
  cost() {
    const counted = this.costs.slice(WARMING).sort((a, b) => a - b);
    return counted[counted.length >> 1] ?? Infinity;
  }
}
