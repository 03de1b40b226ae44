// The page's side of the recogniser: starts its Worker at once and passes frames to it.

import {config} from './config.js';

/** @typedef {import('./types').Pose} Pose */

/** @type {((pose: Pose) => void)[]} */
const listeners = [];
/** @type {(value?: unknown) => void} */
let resolveReady = () => {};
/** @type {(error: Error) => void} */
let rejectReady = () => {};
let busy = false;

/** Settles when the core and the marker are loaded, or cannot be. */
export const ready = new Promise((resolve, reject) => {
  resolveReady = resolve;
  rejectReady = reject;
});
ready.catch(() => {}); // whoever starts the camera looks at it; before that nobody need

/** @type {Worker | null} */
const worker = config.marker ? new Worker(config.worker) : null;

if (worker) {
  worker.onmessage = ({data}) => {
    if (data.type === 'ready') resolveReady();
    else if (data.type === 'failed') rejectReady(new Error(data.reason));
    if (data.type === 'pose' || data.type === 'failed') busy = false;
    if (data.type === 'pose') for (const listener of listeners) listener(data);
  };
  worker.onerror = () => rejectReady(new Error('worker'));
  const {simd, plain, marker} = config;
  worker.postMessage({type: 'load', simd, plain, marker});
}

/** @param {(pose: Pose) => void} listener */
export function onPose(listener) {
  listeners.push(listener);
}

/**
 * Lets the Worker see every frame of the camera: by the direct path where the browser has one, else
 * frame by frame from the element that shows it.
 * @param {MediaStreamTrack} track
 * @param {HTMLVideoElement} camera
 */
export function watch(track, camera) {
  if (!worker) return;
  if (window.MediaStreamTrackProcessor) {
    const {readable} = new window.MediaStreamTrackProcessor({track, maxBufferSize: 1});
    worker.postMessage({type: 'stream', readable}, [readable]);
  } else {
    pump(worker, track, camera);
  }
}

/**
 * @param {Worker} to
 * @param {MediaStreamTrack} track
 * @param {HTMLVideoElement} camera
 */
function pump(to, track, camera) {
  const next = camera.requestVideoFrameCallback
    ? camera.requestVideoFrameCallback.bind(camera)
    : requestAnimationFrame;
  let take = typeof OffscreenCanvas === 'function' ? takeBitmap : takePixels;
  let failures = 0;
  const step = async () => {
    if (track.readyState === 'ended') return;
    if (!busy && camera.videoWidth) {
      busy = true;
      try {
        await take(to, camera);
        failures = 0;
      } catch {
        busy = false; // the first frames of a camera may not be ready to be taken
        if (++failures === PATIENCE) take = takePixels;
      }
    }
    next(step);
  };
  next(step);
}

const PATIENCE = 10; // frames in a row that may fail before another way is tried
const LONGEST = 640; // px, of the frame that the core looks at

/** @param {HTMLVideoElement} camera */
function reducedSize(camera) {
  const {videoWidth, videoHeight} = camera;
  const scale = Math.min(1, LONGEST / Math.max(videoWidth, videoHeight));
  return {width: Math.round(videoWidth * scale), height: Math.round(videoHeight * scale)};
}

/**
 * @param {Worker} to
 * @param {HTMLVideoElement} camera
 */
async function takeBitmap(to, camera) {
  const {width, height} = reducedSize(camera);
  const image = await createImageBitmap(camera, {resizeWidth: width, resizeHeight: height});
  to.postMessage({type: 'frame', image}, [image]);
}

/** @type {CanvasRenderingContext2D | null} */
let canvas = null;

/**
 * For browsers whose Worker has no canvas.
 * @param {Worker} to
 * @param {HTMLVideoElement} camera
 */
async function takePixels(to, camera) {
  const {width, height} = reducedSize(camera);
  if (!canvas) canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  if (!canvas) throw new Error('no-canvas');
  if (canvas.canvas.width !== width || canvas.canvas.height !== height) {
    Object.assign(canvas.canvas, {width, height});
  }
  canvas.drawImage(camera, 0, 0, width, height);
  const pixels = canvas.getImageData(0, 0, width, height).data.buffer;
  to.postMessage({type: 'pixels', pixels, width, height}, [pixels]);
}
