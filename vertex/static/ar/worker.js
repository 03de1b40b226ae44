// The recogniser in its Worker: camera frames in, the portrait's place out.
//
// In:  {type: 'prepare', simd, plain}           addresses of the two builds
//      {type: 'load', marker}                  address of the marker file; may hold simd, plain too
//      {type: 'exchange', marker}              address of another one, to look by from now on
//      {type: 'pace', every}                   look at every n-th frame of stream and track
//      {type: 'stream', readable}              a ReadableStream of VideoFrames (the direct path)
//      {type: 'track', track}                  a MediaStreamTrack, to be read here (Safari)
//      {type: 'rest'}                          stop reading stream and track
//      {type: 'video', frame}                  a VideoFrame
//      {type: 'frame', image}                  an ImageBitmap
//      {type: 'pixels', pixels, width, height} grey or RGBA bytes, by their number
// Out: {type: 'ready', simd}, {type: 'failed', reason}, {type: 'refused'} of a track
//      {type: 'exchanged', done}, whether the other marker is in use
//      {type: 'pose', found, portraits, width, height, ms, taken, effort}, one for each frame: an
//      index, a homography, a pose and a focal length for each portrait that is there
//
// A classic script, not a module: module workers came to Safari and Firefox years later.
'use strict';

/** @typedef {import('./types').Core} Core */

/** @type {Core} */
let core;
/** @type {ArrayBuffer} */
let memory;
let framePointer = 0;
let frameCapacity = 0;
let resultPointer = 0;
/** @type {OffscreenCanvasRenderingContext2D | null} */
let canvas = null;

// Result of core.h
const RESULT_BYTES = 200;
const INDEX_AT = 72;
const POSE_AT = 96;
const FOCAL_AT = 192;
const JUDGED = 6; // frames by which the effort is chosen
const TOO_SLOW = 28; // ms a search may take: less than the camera's 33
const QUICK = 8; // ms below which a greater effort, about twice as costly, is affordable
const PATIENCE = 30; // frames in a row that may fail

/** A module of one function that returns a vector: valid only where SIMD is. */
const SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253,
  15, 253, 98, 11,
]);

/** @param {string} url */
async function fetchBytes(url) {
  const answer = await fetch(url, {credentials: 'same-origin'});
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.arrayBuffer();
}

/** @param {string} url */
async function compile(url) {
  // compileStreaming would start a little earlier, but wants the right type from every proxy.
  return WebAssembly.compile(await fetchBytes(url));
}

let hasSimd = false;
/** @type {Promise<WebAssembly.Module> | null} */ let compiled = null;

/** @param {{simd: string, plain: string}} addresses */
function prepare({simd, plain}) {
  if (typeof WebAssembly !== 'object') return;
  hasSimd = WebAssembly.validate(SIMD_PROBE);
  compiled = compile(hasSimd ? simd : plain);
  compiled.catch(() => {}); // load() tells
}

/** @param {{marker: string}} address */
async function load({marker}) {
  if (!compiled) throw new Error('no-wasm');
  const [module, bytes] = await Promise.all([compiled, fetchBytes(marker)]);
  const instance = await WebAssembly.instantiate(module, {});
  core = /** @type {Core} */ (/** @type {unknown} */ (instance.exports));
  memory = core.memory.buffer;
  framePointer = core.frame_buffer();
  frameCapacity = core.frame_capacity();
  resultPointer = core.result_buffer();
  useMarker(bytes);
  warmUp();
  postMessage({type: 'ready', simd: hasSimd});
}

/** @type {ArrayBuffer | null} the marker in use */ let held = null;

/** @param {ArrayBuffer} bytes */
function useMarker(bytes) {
  if (bytes.byteLength > core.marker_capacity()) throw new Error('bad-marker');
  new Uint8Array(memory, core.marker_buffer(), bytes.byteLength).set(new Uint8Array(bytes));
  if (core.load_marker(bytes.byteLength) !== 0) throw new Error('bad-marker');
  held = bytes;
}

/**
 * Looks by another marker, whose portraits are the same, if it can be had.
 * @param {{marker: string}} address
 */
async function exchange({marker}) {
  let done = false;
  try {
    const bytes = await fetchBytes(marker);
    await loading;
    useMarker(bytes);
    done = true;
  } catch {
    if (held && core) useMarker(held); // the line, or a file that is damaged
  }
  postMessage({type: 'exchanged', done});
}

/** Runs a few drawn frames, so that the engine has compiled the hot loops before the first real one. */
function warmUp() {
  const width = 640;
  const pixels = new Uint8Array(memory, framePointer, width * 480);
  let noise = 1;
  for (let i = 0; i < pixels.length; i++) {
    noise ^= noise << 13;
    noise ^= noise >>> 17;
    noise ^= noise << 5;
    const square = ((i % width >> 4) + ((i / width) >> 4)) & 1;
    pixels[i] = square * 90 + (noise & 31) + 60;
  }
  for (let k = 0; k < 4; k++) core.find(width, 480);
  core.reset();
}

/**
 * Copies the brightness of RGBA pixels into the core's frame.
 * @param {Uint8Array | Uint8ClampedArray} rgba
 * @param {boolean} [swapped] true for BGRA
 */
function putRgba(rgba, swapped = false) {
  const grey = new Uint8Array(memory, framePointer, rgba.length >> 2);
  const red = swapped ? 2 : 0;
  for (let i = 0, j = 0; i < grey.length; i++, j += 4) {
    grey[i] = (rgba[j + red] * 77 + rgba[j + 1] * 150 + rgba[j + 2 - red] * 29) >> 8;
  }
}

/**
 * @param {CanvasImageSource} image
 * @param {number} width
 * @param {number} height
 */
function putImage(image, width, height) {
  if (!canvas || canvas.canvas.width !== width || canvas.canvas.height !== height) {
    const offscreen = new OffscreenCanvas(width, height);
    canvas = offscreen.getContext('2d', {willReadFrequently: true});
    if (!canvas) throw new Error('no-canvas');
  }
  canvas.drawImage(image, 0, 0, width, height);
  putRgba(canvas.getImageData(0, 0, width, height).data);
}

/**
 * Puts a camera frame into the core: the brightness plane straight into its memory where the frame
 * has one. Returns its size.
 * @param {VideoFrame} frame
 * @returns {Promise<[number, number]>}
 */
async function putFrame(frame) {
  const width = frame.visibleRect?.width ?? frame.displayWidth;
  const height = frame.visibleRect?.height ?? frame.displayHeight;
  const upright = !(/** @type {{rotation?: number}} */ (frame).rotation);
  const planes = upright && brightnessFirst(frame.format, width, height);
  if (planes) {
    const size = frame.allocationSize({layout: planes});
    if (size <= frameCapacity) {
      await frame.copyTo(new Uint8Array(memory, framePointer, size), {layout: planes});
      return [width, height];
    }
  }
  putImage(frame, frame.displayWidth, frame.displayHeight);
  return [frame.displayWidth, frame.displayHeight];
}

/**
 * Where the planes go, brightness first, or null when the format has no such plane.
 * @param {string | null} format
 * @param {number} width
 * @param {number} height
 * @returns {PlaneLayout[] | null}
 */
function brightnessFirst(format, width, height) {
  const half = (width + 1) >> 1;
  const area = width * height;
  const chroma = half * ((height + 1) >> 1);
  if (format === 'NV12') {
    return [{offset: 0, stride: width}, {offset: area, stride: 2 * half}];
  }
  if (format === 'I420') {
    return [
      {offset: 0, stride: width},
      {offset: area, stride: half},
      {offset: area + chroma, stride: half},
    ];
  }
  return null;
}

let effort = 0; // of the core: 0 on a fast phone, 2 on a slow one
/** @type {number[]} ms of the last frames that were searched, not followed */
let searches = [];

/**
 * Fits the search to the phone, again and again, as phones grow slow with heat: what takes too long
 * for the camera's pace is made smaller, and larger again when there is time.
 * @param {number} ms of a frame that was searched
 */
function adapt(ms) {
  searches.push(ms);
  if (searches.length < JUDGED) return;
  const median = searches.sort((a, b) => a - b)[JUDGED >> 1];
  searches = [];
  if (median > TOO_SLOW) effort = core.set_effort(effort + 1);
  else if (median < QUICK && effort > 0) effort = core.set_effort(effort - 1);
}

/** @param {number} at @param {number} count */
const doubles = (at, count) => new Float64Array(memory, at, count).slice();

/**
 * @param {number} width
 * @param {number} height
 * @param {number} began
 */
function find(width, height, began) {
  const taken = performance.now() - began; // the pixels are there
  const count = core.find(width, height);
  const portraits = [];
  for (let k = 0, at = resultPointer; k < count; k++, at += RESULT_BYTES) {
    const [index] = new Int32Array(memory, at + INDEX_AT, 1);
    const [focal] = doubles(at + FOCAL_AT, 1);
    portraits.push({index, homography: doubles(at, 9), pose: doubles(at + POSE_AT, 12), focal});
  }
  const ms = performance.now() - began;
  if (count <= 0) adapt(ms - taken);
  postMessage({type: 'pose', found: count > 0, portraits, width, height, ms, taken, effort});
}

let every = 1; // frames a look

/** @type {ReadableStreamDefaultReader<VideoFrame> | null} */ let reader = null;

/** @param {ReadableStream<VideoFrame>} readable */
async function follow(readable) {
  const own = (reader = readable.getReader());
  await loading;
  let failures = 0;
  let count = 0;
  for (;;) {
    const {value: frame, done} = await own.read();
    if (done) return;
    const began = performance.now();
    try {
      if (count++ % every) continue;
      const [width, height] = await putFrame(frame);
      find(width, height, began);
      failures = 0;
    } catch (error) {
      // one frame may be lost, as when the camera turns; a camera of such frames is of no use
      if (++failures === PATIENCE) throw error;
    } finally {
      frame.close();
    }
  }
}

/** @type {MediaStreamTrack | null} */
let ownTrack = null;

/**
 * The direct path where only a Worker has it.
 * @param {MediaStreamTrack} track
 */
async function followTrack(track) {
  const Processor = /** @type {any} */ (self).MediaStreamTrackProcessor;
  ownTrack = track;
  try {
    const {readable} = new Processor({track, maxBufferSize: 1});
    await follow(readable);
  } catch {
    track.stop();
    postMessage({type: 'refused'});
  }
}

/** Nobody looks: no frame is read, and what was followed will not be where it was. */
function rest() {
  reader?.cancel();
  ownTrack?.stop();
  reader = ownTrack = null;
  core?.reset();
}

/** @param {VideoFrame} frame */
async function findInVideoFrame(frame) {
  const began = performance.now();
  try {
    const [width, height] = await putFrame(frame);
    find(width, height, began);
  } finally {
    frame.close();
  }
}

/** @param {ImageBitmap} image */
function findInImage(image) {
  const began = performance.now();
  const {width, height} = image;
  try {
    putImage(image, width, height);
  } finally {
    image.close();
  }
  find(width, height, began);
}

/** @param {{pixels: ArrayBuffer, width: number, height: number}} message */
function findInPixels({pixels, width, height}) {
  const began = performance.now();
  const bytes = new Uint8Array(pixels);
  if (bytes.length === width * height) new Uint8Array(memory, framePointer).set(bytes);
  else putRgba(bytes);
  find(width, height, began);
}

/** @type {Promise<void> | null} */ let loading = null;

self.onmessage = async ({data}) => {
  try {
    if (data.type === 'track') return await followTrack(data.track);
    if (data.type === 'stream') return await follow(data.readable);
    if (data.type === 'rest') return rest();
    if (data.type === 'prepare') return prepare(data);
    if (data.type === 'exchange') return await exchange(data);
    if (data.type === 'pace') return void (every = data.every);
    if (data.type === 'load' && data.simd) prepare(data);
    if (data.type === 'load') loading = load(data);
    await loading;
    if (data.type === 'video') await findInVideoFrame(data.frame);
    if (data.type === 'frame') findInImage(data.image);
    if (data.type === 'pixels') findInPixels(data);
  } catch (error) {
    postMessage({type: 'failed', reason: error instanceof Error ? error.message : String(error)});
  }
};
