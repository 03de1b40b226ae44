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

function stopCamera() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
}

/** @param {string} reason */
function watchWithoutCamera(reason) {
  stopCamera();
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
  if (state() !== 'starting') stopCamera();
  else if (reason) watchWithoutCamera(reason);
  else setState('scanning');
}

/** Opens the camera and lets the recogniser see; answers why not, or nothing. */
async function lookThroughCamera() {
  try {
    stream = await camera.open();
  } catch (error) {
    return camera.reasonOf(error);
  }
  try {
    const [track] = stream.getVideoTracks();
    track.addEventListener('ended', reopen);
    // The recogniser first: it sees the camera's frames before the screen does.
    recogniser.watch(track, camera.video);
    await camera.show(stream);
    await recogniser.ready;
  } catch {
    return 'unsupported';
  }
  return '';
}

/** Opens the camera again when it was taken away, as phones do while the page is hidden. */
async function reopen() {
  if (document.hidden || !['scanning', 'found', 'lost'].includes(state())) return;
  stopCamera();
  setState('scanning');
  const reason = await lookThroughCamera();
  if (state() === 'fallback') stopCamera();
  else if (reason) watchWithoutCamera(reason);
}

/** Nobody sees a hidden page: it rests, and goes on by itself when it is seen again. */
function restWhileHidden() {
  recogniser.rest(document.hidden);
  if (!stream) return;
  if (document.hidden) camera.video.pause();
  else if (stream.getVideoTracks()[0].readyState === 'ended') reopen();
  else camera.video.play().catch(() => {});
}

document.addEventListener('visibilitychange', restWhileHidden);

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
