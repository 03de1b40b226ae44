// Runs first, before A-Frame is parsed: loads the recogniser, and opens the camera with the tap.

import {config} from './config.js';
import * as looking from './looking.js';
import {element, setState, state} from './page.js';
import * as playback from './playback.js';
import * as recogniser from './recogniser.js';

window.AFRAME_ASYNC = true; // the scene begins when viewer.js says so

const button = element('start', HTMLButtonElement);

/** @param {string} reason */
function watchWithoutCamera(reason) {
  looking.end();
  playback.pause();
  playback.showControls();
  setState('fallback', reason);
}

async function start() {
  if (state() !== 'ready') return;
  setState('starting');
  playback.unlock();
  const reason = await lookThroughCamera();
  // Meanwhile the customer may have chosen to watch without: then the camera is of no use.
  if (state() !== 'starting') looking.end();
  else if (reason) watchWithoutCamera(reason);
  else setState('scanning');
}

/** Opens the camera and lets the recogniser see; answers why not, or nothing. */
async function lookThroughCamera() {
  const reason = await looking.begin(watchWithoutCamera);
  if (reason) return reason;
  try {
    await recogniser.ready;
  } catch {
    return 'unsupported';
  }
  return '';
}

let wasWatching = false;
document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    wasWatching = state() === 'fallback' && !playback.video.paused;
    playback.pause();
  } else if (wasWatching && state() === 'fallback') {
    playback.play().catch(() => {}); // the controls are there
  }
});

// A browser may know WebGL and not be given it. Asking for a context here would hold up the start;
// viewer.js finds out when the scene asks for its own.
document.addEventListener('cannot-draw', () => watchWithoutCamera('unsupported'));
button.addEventListener('click', start);
element('watch', HTMLAnchorElement).addEventListener('click', (event) => {
  event.preventDefault();
  watchWithoutCamera('asked');
  playback.play().catch(() => {}); // the controls are there
});

if (config.reason) {
  playback.showControls();
} else if (!('WebGL2RenderingContext' in window) || typeof WebAssembly !== 'object') {
  watchWithoutCamera('unsupported');
} else if (document.activeElement === button && navigator.userActivation?.isActive) {
  start(); // tapped before this script was there
}
