// Ways of taking a frame from the element that shows the camera, for browsers without the direct
// path. Each answers with a message that worker.js understands.

import {greyPass} from './grey-pass.js';

/** @typedef {import('./types').Taken} Taken */
/** @typedef {import('./types').Way} Way */

const LONGEST = 640; // px, of the frame that the core looks at

/**
 * The size in which a frame goes to the Worker; a width of whole texels of four pixels.
 * @param {HTMLVideoElement} camera
 */
function reducedSize({videoWidth, videoHeight}) {
  const scale = Math.min(1, LONGEST / Math.max(videoWidth, videoHeight));
  return {width: Math.round((videoWidth * scale) / 4) * 4, height: Math.round(videoHeight * scale)};
}

/**
 * The frame itself, without a copy on this side; the Worker reads its brightness.
 * @type {Way}
 */
const videoFrame = {
  name: 'video-frame',
  possible: () => typeof VideoFrame === 'function',
  start: () => async (camera) => {
    const began = performance.now();
    const frame = new VideoFrame(camera);
    return {message: {type: 'video', frame}, transfer: [frame], busy: performance.now() - began};
  },
};

/**
 * A small picture, whose pixels the Worker reads on a canvas of its own.
 * @type {Way}
 */
const bitmap = {
  name: 'bitmap',
  possible: () => typeof OffscreenCanvas === 'function' && typeof createImageBitmap === 'function',
  start: () => async (camera) => {
    const began = performance.now();
    const {width, height} = reducedSize(camera);
    const promise = createImageBitmap(camera, {resizeWidth: width, resizeHeight: height});
    const busy = performance.now() - began;
    const image = await promise;
    return {message: {type: 'frame', image}, transfer: [image], busy};
  },
};

/**
 * Grey made by the GPU and fetched when it is done, so that nobody waits for it.
 * @type {Way}
 */
const webgl = {
  name: 'webgl',
  possible: () => 'WebGL2RenderingContext' in window,
  start: () => {
    const pass = greyPass();
    return async (camera) => {
      const {width, height} = reducedSize(camera);
      const {pixels, busy} = await pass(camera, width, height);
      return {message: {type: 'pixels', pixels, width, height}, transfer: [pixels], busy};
    };
  },
};

/**
 * The oldest way, and the only one that works everywhere: this thread reads the pixels.
 * @type {Way}
 */
const canvas = {
  name: 'canvas',
  possible: () => true,
  start: () => {
    const pencil = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    return async (camera) => {
      if (!pencil) throw new Error('no-canvas');
      const began = performance.now();
      const {width, height} = reducedSize(camera);
      if (pencil.canvas.width !== width || pencil.canvas.height !== height) {
        Object.assign(pencil.canvas, {width, height});
      }
      pencil.drawImage(camera, 0, 0, width, height);
      const pixels = pencil.getImageData(0, 0, width, height).data.buffer;
      const message = {type: 'pixels', pixels, width, height};
      return {message, transfer: [pixels], busy: performance.now() - began};
    };
  },
};

/** In the order in which they are tried. */
export const ways = [videoFrame, webgl, bitmap, canvas];
