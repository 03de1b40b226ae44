// Runs first, before A-Frame is parsed: loads the recogniser, and opens the camera with the tap.

import * as camera from './camera.js';
import {config} from './config.js';
import {element, setState, state} from './page.js';
import * as playback from './playback.js';
import * as recogniser from './recogniser.js';

window.AFRAME_ASYNC = true; // the scene begins when viewer.js says so

const button = element('start', HTMLButtonElement);
/** @type {MediaStream | null} */
let stream = null;

/** @param {string} reason */
function watchWithoutCamera(reason) {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  playback.pause();
  playback.video.controls = true;
  setState('fallback', reason);
}

async function start() {
  if (state() !== 'ready') return;
  setState('starting');
  playback.unlock();
  try {
    stream = await camera.open();
  } catch (error) {
    return watchWithoutCamera(camera.reasonOf(error));
  }
  if (state() !== 'starting') return watchWithoutCamera('asked');
  try {
    // The recogniser first: it sees the camera's frames before the screen does.
    recogniser.watch(stream.getVideoTracks()[0], camera.video);
    await camera.show(stream);
    await recogniser.ready;
  } catch {
    return watchWithoutCamera('unsupported');
  }
  if (state() === 'starting') setState('scanning');
}

button.addEventListener('click', start);
element('watch', HTMLAnchorElement).addEventListener('click', (event) => {
  event.preventDefault();
  watchWithoutCamera('asked');
  playback.play().catch(() => {}); // the controls are there
});

if (config.reason) {
  playback.video.controls = true;
} else if (!('WebGL2RenderingContext' in window) || typeof WebAssembly !== 'object') {
  watchWithoutCamera('unsupported');
} else if (document.activeElement === button && navigator.userActivation?.isActive) {
  start(); // tapped before this script was there
}
