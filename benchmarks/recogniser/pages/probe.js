// Measures one page from its first script on. The same for all contestants: only the names of
// their events and messages differ.
'use strict';

/** Milliseconds are those since the navigation began. */
const bench = (window.bench = {
  /** @type {number | null} when the print was first recognised */
  found: null,
  lost: 0,
  /** positions that the tracker has reported */
  positions: 0,
  workers: 0,
  /** @type {[number, number][]} start and length of tasks over 50 ms */
  long: [],
  /** how often AR.js had to be woken */
  woken: 0,
  /** @type {string[]} */
  faults: [],
  /** @type {Record<string, number>} when each of these was there first */
  marks: {},
});
addEventListener('error', (event) => bench.faults.push(String(event.message)));
addEventListener('unhandledrejection', (event) => bench.faults.push(String(event.reason)));
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) bench.long.push([task.startTime, task.duration]);
}).observe({type: 'longtask', buffered: true});

/** @param {string} name */
const mark = (name) => (bench.marks[name] ??= performance.now());
document.addEventListener('renderstart', () => mark('drawing'), true);
document.addEventListener('playing', ({target}) => target.srcObject && mark('camera'), true);

for (const name of ['targetFound', 'markerFound'])
  document.addEventListener(name, () => (bench.found ??= performance.now()), true);
for (const name of ['targetLost', 'markerLost'])
  document.addEventListener(name, () => bench.lost++, true);
// MindAR's
document.addEventListener('targetUpdate', () => (mark('position'), bench.positions++), true);

window.Worker = class extends Worker {
  /** @param {string | URL} url @param {WorkerOptions} [options] */
  constructor(url, options) {
    super(url, options);
    bench.workers++;
    this.addEventListener('message', ({data}) => {
      mark('worker');
      const ours = data?.type === 'pose' && (data.found?.length ?? data.found);
      if (!ours && data?.type !== 'found') return; // 'found' is AR.js's
      mark('position');
      bench.positions++;
    });
  }

  /** @param {any} message @param {any} [transfer] */
  postMessage(message, transfer) {
    if (message?.type === 'init') mark('init'); // AR.js's
    super.postMessage(message, transfer);
  }
};

// Start is tapped as soon as anything listens to it.
const listen = EventTarget.prototype.addEventListener;
/** @this {EventTarget} @param {Parameters<typeof listen>} all */
EventTarget.prototype.addEventListener = function (...all) {
  listen.apply(this, all);
  if (all[0] === 'click' && this instanceof HTMLElement && this.id === 'start') {
    mark('start');
    setTimeout(() => /** @type {HTMLElement} */ (this).click());
  }
};

bench.video = () => [...document.querySelectorAll('video')].find((video) => video.srcObject);

/** The overlay's corners in px of the camera frame, clockwise from the top left; null if hidden. */
bench.corners = () => {
  const scene = document.querySelector('a-scene');
  const entity = document.querySelector('#overlay');
  const mesh = entity?.getObject3D?.('mesh');
  const video = bench.video();
  if (!mesh || !scene.camera || !video) return null;
  for (let node = mesh; node; node = node.parent) if (!node.visible) return null;
  mesh.geometry.computeBoundingBox();
  const {min, max} = mesh.geometry.boundingBox;
  const canvas = scene.canvas.getBoundingClientRect();
  const box = video.getBoundingClientRect();
  const plane = [[min.x, max.y], [max.x, max.y], [max.x, min.y], [min.x, min.y]];
  return plane.flatMap(([x, y]) => {
    const p = new AFRAME.THREE.Vector3(x, y, 0).applyMatrix4(mesh.matrixWorld).project(scene.camera);
    const left = canvas.left + ((p.x + 1) / 2) * canvas.width - box.left;
    const top = canvas.top + ((1 - p.y) / 2) * canvas.height - box.top;
    return [(left * video.videoWidth) / box.width, (top * video.videoHeight) / box.height];
  });
};

/** Calls back after each picture that A-Frame has drawn, with what it has drawn. */
bench.afterDrawing = (callback) => {
  bench.callback = callback;
  if (!AFRAME.components['bench-tock'])
    AFRAME.registerComponent('bench-tock', {tock: () => bench.callback?.()});
  document.querySelector('a-scene').setAttribute('bench-tock', '');
};

/** For a while, without touching a pixel: positions reported and drawn, and frames of the camera. */
bench.count = async (ms) => {
  const video = bench.video();
  const began = performance.now();
  const before = {...bench};
  let drawn = 0;
  let frames = 0;
  let first = null;
  let last = '';
  bench.afterDrawing(() => {
    const corners = bench.corners()?.join();
    if (corners && corners !== last) drawn++;
    last = corners ?? last;
  });
  const frame = (_, {presentedFrames}) => {
    first ??= presentedFrames;
    frames = presentedFrames - first;
    if (performance.now() - began < ms) video.requestVideoFrameCallback(frame);
  };
  video.requestVideoFrameCallback(frame);
  await new Promise((done) => setTimeout(done, ms));
  bench.callback = null;
  const seconds = (performance.now() - began) / 1000;
  return {
    seconds,
    positions: (bench.positions - before.positions) / seconds,
    drawn: drawn / seconds,
    camera: frames / seconds,
    long: bench.long.filter(([start]) => start >= began),
  };
};

/** For a while: the overlay's corners and the number painted on the camera frame that is shown. */
bench.sample = async (ms) => {
  const reader = new OffscreenCanvas(128, 16).getContext('2d', {willReadFrequently: true});
  const samples = [];
  let last = '';
  bench.afterDrawing(() => {
    const corners = bench.corners();
    if (!corners || corners.join() === last) return;
    last = corners.join();
    reader.drawImage(bench.video(), 0, 0, 128, 16, 0, 0, 128, 16);
    const row = reader.getImageData(0, 8, 128, 1).data;
    let number = 0;
    for (let bit = 0; bit < 8; bit++) if (row[(bit * 16 + 8) * 4] > 127) number |= 1 << bit;
    samples.push([number, ...corners.map((value) => Math.round(value * 1000) / 1000)]);
  });
  await new Promise((done) => setTimeout(done, ms));
  bench.callback = null;
  return samples;
};
