// Runs first: finds out what this phone can do, and opens the camera with the tap.

import './controls.js';
import './offline.js';
import './visits.js';

import {camera, obstacle, system} from './checks.js';
import {config} from './config.js';
import * as ladder from './ladder.js';
import * as looking from './looking.js';
import {element, onState, setState, state} from './page.js';
import * as playback from './playback.js';
import * as recogniser from './recogniser.js';
import * as scene from './scene.js';

document.body.dataset.system = system();
// what only some pages need
if (config.album) import('./album.js');
if (config.fuller.length) import('./fuller.js');
if (config.portraits.some(({video}) => video?.captions)) import('./captions.js');

window.AFRAME_ASYNC = true; // the scene begins when viewer.js says so

const BEHIND = 60_000; // ms that the camera goes on looking while the video plays without it
const PATIENCE = 700; // ms for a browser to say whether there is a camera
const READING = 2000; // ms in which somebody reads; then what comes next is fetched

const button = element('start', HTMLButtonElement);

/** @param {string} reason */
function watchWithoutCamera(reason) {
  looking.end();
  showVideo(reason);
}

/** @param {string} reason */
function showVideo(reason) {
  import('./help.js'); // ways on, which most never need
  setState('fallback', reason);
  // without a tap the photograph waits, with a button on it
  if (playback.isUnlocked()) playback.play().catch(() => {});
}

let behind = 0;

/** Nothing was recognised: the video plays on the photograph, and the camera goes on looking. */
function giveUp() {
  showVideo('not-found');
  clearTimeout(behind);
  behind = setTimeout(() => {
    if (state() === 'fallback') looking.end();
  }, BEHIND);
}

/** Fetches what the tap will need. */
function prepare() {
  if (!config.marker) return;
  recogniser.load();
  scene.load();
}

async function start() {
  if (!['checking', 'ready', 'fallback'].includes(state()) || !config.marker) return;
  setState('starting');
  playback.pause();
  playback.unlock();
  prepare();
  const reason = await lookThroughCamera();
  // Meanwhile the customer may have chosen to watch without: then the camera is of no use.
  if (state() !== 'starting') looking.end();
  else if (reason) watchWithoutCamera(reason);
  else search();
}

function search() {
  setState('scanning');
  ladder.begin(giveUp);
}

/** Opens the camera and lets the recogniser see; answers why not, or nothing. */
async function lookThroughCamera() {
  const obstacles = ['insecure', 'no-wasm', 'no-webgl'];
  const known = obstacle();
  if (obstacles.includes(known)) return known;
  const reason = await looking.begin(watchWithoutCamera);
  if (reason) return reason;
  try {
    await recogniser.ready;
  } catch {
    return navigator.onLine ? 'unsupported' : 'offline';
  }
  return '';
}

let wasWatching = false;
document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    wasWatching = state() === 'fallback' && !playback.video.paused;
    playback.pause();
  } else if (wasWatching && state() === 'fallback') {
    playback.play().catch(() => {}); // the button is there
  }
});

// A browser may know WebGL and not be given it. Asking for a context here would hold up the start;
// viewer.js finds out when the scene asks for its own.
document.addEventListener('cannot-draw', () => {
  if (state() === 'error') return;
  watchWithoutCamera(navigator.onLine ? 'no-webgl' : 'offline');
});
// who comes back after a while did not ask for a camera that opens by itself
document.addEventListener('camera-left', () => {
  if (state() !== 'fallback') setState('ready', 'away');
});
document.addEventListener('no-line', () => watchWithoutCamera('offline'));
onState((next) => {
  if (next === 'error') looking.end();
});
addEventListener('online', () => {
  if (document.body.dataset.reason !== 'offline') return;
  if (!playback.video.currentTime) return location.reload();
  setState('fallback', 'asked');
  playback.goOn().catch(playback.fail);
});
button.addEventListener('pointerdown', prepare);
button.addEventListener('click', start);
element('watch', HTMLAnchorElement).addEventListener('click', (event) => {
  event.preventDefault();
  playback.unlock();
  watchWithoutCamera('asked');
});
/** What can be known before the tap. */
async function check() {
  const looked = camera();
  const late = new Promise((done) => setTimeout(done, PATIENCE, ''));
  const reason = obstacle() || (await Promise.race([looked, late]));
  if (state() !== 'checking') return; // tapped meanwhile
  if (reason) return showVideo(reason);
  setState('ready');
  looked.then((why) => why && state() === 'ready' && showVideo(why));
  const {saveData} = /** @type {any} */ (navigator).connection ?? {};
  if (!saveData) setTimeout(prepare, READING);
}

if (config.reason) {
  document.body.dataset.player = 'laid';
  playback.video.controls = false;
} else if (document.activeElement === button && navigator.userActivation?.isActive) {
  start(); // tapped before this script was there
} else {
  setState('checking');
  check();
}
