// The check page: what this phone can do, step by step, and a code that says it.

import * as camera from './camera.js';
import {encode} from './check-code.js';
import {config} from './config.js';
import {report} from './frames.js';
import * as looking from './looking.js';
import {element} from './page.js';
import {load, onPose, ready} from './recogniser.js';

/** @typedef {'running' | 'good' | 'poor' | 'bad'} Mark */

const MEASURED = 4; // seconds
const LOOKING = 60; // seconds for finding the sample, at most
const FAST = 12; // ms for a frame that is searched, at most
const MIDDLE = 30;
const STEADY = 15; // positions a second that follow a hand

const CAMERAS = ['', 'open', 'camera-denied', 'camera-missing', 'camera-busy'];
const PATHS = ['', 'windowStream', 'workerTrack', 'video-frame', 'webgl', 'bitmap', 'canvas'];
const SPEEDS = ['', 'fast', 'middle', 'slow'];

const results = {
  ...{system: 0, engine: 0, secure: 0, wasm: 0, simd: 0, webgl: 0, camera: 0, path: 0},
  ...{speed: 0, searchMs: 0, rate: 0, print: 0, size: 0},
};

/** @param {string} key @param {Record<string, string | number>} [values] */
function text(key, values = {}) {
  return Object.entries(values).reduce(
    (sentence, [name, value]) => sentence.replace(`{${name}}`, String(value)),
    config.texts[key] ?? key,
  );
}

/**
 * Says how a step went.
 * @param {string} step
 * @param {Mark} mark
 * @param {string} words
 */
function tell(step, mark, words) {
  const line = element(`step-${step}`, HTMLLIElement);
  line.dataset.mark = mark;
  const value = line.querySelector('.value');
  if (value && value.textContent !== words) value.textContent = words;
}

/** @param {'secure' | 'wasm' | 'simd' | 'webgl'} step @param {boolean} there */
function can(step, there) {
  results[step] = Number(there);
  const without = step === 'simd' ? 'poor' : 'bad';
  tell(step, there ? 'good' : without, text(there ? 'yes' : 'no'));
}

/** What can be told without the camera. */
async function lookAround() {
  load();
  const agent = navigator.userAgent;
  results.system = /Android/.test(agent) ? 1 : Number(/iPhone|iPad/.test(agent)) * 2;
  results.engine = /Firefox\//.test(agent)
    ? 2
    : /Chrome\//.test(agent)
      ? 1
      : Number(/AppleWebKit\//.test(agent)) * 3;
  can('secure', window.isSecureContext);
  can('webgl', Boolean(document.createElement('canvas').getContext('webgl2')));
  try {
    const simd = await ready;
    can('wasm', true);
    can('simd', Boolean(simd));
  } catch {
    can('wasm', false);
    can('simd', false);
  }
}

let absences = 0; // how often the page was hidden
document.addEventListener('visibilitychange', () => (absences += Number(document.hidden)));

/**
 * Waits, and while the page is hidden the time stands still.
 * @param {number} seconds
 */
async function pause(seconds) {
  for (let left = seconds * 1000; left > 0 || document.hidden; ) {
    const [began, before] = [performance.now(), absences];
    await new Promise((done) => setTimeout(done, 100));
    if (!document.hidden && absences === before) left -= performance.now() - began;
  }
}

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** What the recogniser says, frame by frame. */
const seen = {poses: 0, searches: /** @type {number[]} */ ([]), found: false};
let before = false;
onPose((pose) => {
  seen.poses++;
  // a frame after one that was found is followed, not searched
  if (!before) seen.searches.push(pose.ms - pose.taken);
  before = pose.found;
  seen.found ||= pose.found;
});

/** @param {string} reason why there is no camera, or none any more */
function tellNoCamera(reason) {
  looking.end();
  enough = true;
  const known = CAMERAS.includes(reason) ? reason : 'camera-missing';
  results.camera = CAMERAS.indexOf(known);
  tell('camera', 'bad', text(known));
}

async function openCamera() {
  tell('camera', 'running', text('allow'));
  const reason = await looking.begin(tellNoCamera);
  if (reason) {
    tellNoCamera(reason);
    return false;
  }
  // it may have been opened in a page that is hidden, and be shown only afterwards
  const waits = () => looking.lasts() && !camera.video.videoWidth;
  for (let waited = 0; waits() && waited < 10; waited += 0.1) await pause(0.1);
  if (!looking.lasts()) return false; // it was lost meanwhile, which has been told
  const {videoWidth: width, videoHeight: height} = camera.video;
  results.camera = 1;
  results.size = Math.max(width, height) / 64;
  tell('camera', 'good', text('size', {width, height}));
  return true;
}

function tellPath() {
  results.path = Math.max(0, PATHS.indexOf(report.way));
  const direct = results.path === 1 || results.path === 2;
  tell('path', direct ? 'good' : 'poor', text(direct ? 'direct' : 'indirect', {way: report.way}));
}

function tellSpeed() {
  const ms = median(seen.searches);
  results.searchMs = ms;
  results.speed = ms <= FAST ? 1 : ms <= MIDDLE ? 2 : 3;
  const mark = results.speed === 3 ? 'poor' : 'good';
  tell('speed', mark, text(SPEEDS[results.speed], {ms: ms.toFixed(1)}));
}

/** Frames a second that are looked at, of a time in which the page was not hidden. */
async function measureRate() {
  for (;;) {
    await pause(2); // the ways of taking frames are tried, or the camera is opened again
    const [poses, began, before] = [seen.poses, performance.now(), absences];
    await pause(MEASURED);
    if (absences === before) return ((seen.poses - poses) * 1000) / (performance.now() - began);
  }
}

async function measure() {
  for (const step of ['path', 'speed', 'rate', 'print']) tell(step, 'running', '');
  for (let waited = 0; !seen.poses && waited < 10; waited += 0.1) await pause(0.1);
  if (!seen.poses) {
    for (const step of ['path', 'speed', 'rate']) tell(step, 'bad', text('nothing'));
    return;
  }
  results.rate = await measureRate();
  tellPath();
  tellSpeed();
  const mark = results.rate >= STEADY ? 'good' : 'poor';
  tell('rate', mark, text('rate', {rate: Math.round(results.rate)}));
}

let enough = false;
element('finish', HTMLButtonElement).addEventListener('click', () => (enough = true));

async function lookForSample() {
  tell('print', 'running', text('look'));
  for (let waited = 0; !seen.found && !enough && waited < LOOKING; waited += 0.1) await pause(0.1);
  results.print = seen.found ? 2 : 1;
  tell('print', seen.found ? 'good' : 'bad', text(seen.found ? 'found' : 'not-found'));
}

async function start() {
  document.body.dataset.state = 'running';
  const known = lookedAround.catch(() => {});
  const opened = await openCamera();
  await known;
  if (opened) {
    await measure();
    await lookForSample();
    looking.end();
  }
  element('code', HTMLElement).textContent = encode(results);
  document.body.dataset.state = 'done';
  element('result', HTMLElement).focus();
}

const lookedAround = lookAround();
element('start', HTMLButtonElement).addEventListener('click', start, {once: true});
