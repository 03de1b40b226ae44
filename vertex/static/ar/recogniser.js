// The page's side of the recogniser: starts its Worker at once and passes frames to it.

import {config, fromPage} from './config.js';
import {follow, pace} from './frames.js';

/** @typedef {import('./types').Pose} Pose */

/** @type {((pose: Pose) => void)[]} */
const listeners = [];
/** @type {(value?: unknown) => void} */
let resolveReady = () => {};
/** @type {(error: Error) => void} */
let rejectReady = () => {};

/** Settles when the core and the marker are loaded, with whether the core uses SIMD, or cannot be. */
export const ready = new Promise((resolve, reject) => {
  resolveReady = resolve;
  rejectReady = reject;
});
ready.catch(() => {}); // whoever starts the camera looks at it; before that nobody need

/** @type {Worker | null} */
const worker = config.marker ? new Worker(config.worker) : null;

if (worker) {
  const [simd, plain] = [config.simd, config.plain].map(fromPage);
  worker.postMessage({type: 'prepare', simd, plain});
  worker.onmessage = ({data}) => {
    if (data.type === 'ready') resolveReady(data.simd);
    else if (data.type === 'failed') rejectReady(new Error(data.reason));
    if (data.type === 'pose') for (const listener of listeners) listener(data);
  };
  worker.onerror = () => rejectReady(new Error('worker'));
}

let loaded = false;
/** @type {string[]} addresses of the markers that were fetched */
export const fetched = [];

/** Fetches the marker: not before it is wanted, as it weighs as much as all before it. */
export function load() {
  if (loaded || !worker || !config.marker) return;
  loaded = true;
  fetched.push(config.marker);
  worker.postMessage({type: 'load', marker: fromPage(config.marker)});
}

/**
 * Looks by another marker of the same portraits; answers whether it could be had.
 * @param {string} marker
 */
export function exchange(marker) {
  return new Promise((resolve) => {
    /** @param {MessageEvent} event */
    const listen = ({data}) => {
      if (data.type !== 'exchanged') return;
      worker?.removeEventListener('message', listen);
      if (data.done) fetched.push(marker);
      resolve(data.done);
    };
    worker?.addEventListener('message', listen);
    worker?.postMessage({type: 'exchange', marker: fromPage(marker)});
  });
}

/**
 * Looks at every n-th frame only.
 * @param {number} every
 */
export function setPace(every) {
  pace.every = every;
  worker?.postMessage({type: 'pace', every});
}

/** @param {(pose: Pose) => void} listener */
export function onPose(listener) {
  listeners.push(listener);
}

let watching = new AbortController();

/**
 * Lets the Worker see every frame of the camera, until it is to look away.
 * @param {MediaStreamTrack} track
 * @param {HTMLVideoElement} camera
 */
export function watch(track, camera) {
  lookAway();
  watching = new AbortController();
  // it can fail only as `ready` does, and whoever starts the camera looks at that
  if (worker) follow(worker, ready, track, camera, watching.signal).catch(() => {});
}

export function lookAway() {
  watching.abort();
  worker?.postMessage({type: 'rest'});
}
