// The portrait's video: unlocked by the tap, played while the print is seen.

import {config} from './config.js';
import {element} from './page.js';

export const video = element('portrait-video', HTMLVideoElement);
const sound = element('sound', HTMLButtonElement);

function showSound() {
  sound.setAttribute('aria-pressed', String(!video.muted));
  sound.textContent = config.texts[video.muted ? 'sound-on' : 'sound-off'];
}

let tapped = false;
let sceneDrawn = false;

/**
 * Begins to load the video. Not before the scene is drawn: a player wants the graphics process,
 * which a cold browser is still starting, and everything else would stand still with it.
 */
function load() {
  if (video.hasAttribute('src') || !config.video) return;
  video.preload = 'auto';
  video.src = config.video.url;
}

/** Tells that the scene has been drawn, so that the video may load as soon as it is wanted. */
export function sceneIsDrawn() {
  sceneDrawn = true;
  if (tapped) load();
}

/** Must be called from the tap itself: lets this element play later, with sound, without another. */
export function unlock() {
  tapped = true;
  video.muted = false;
  // Pausing at once keeps it silent; the promise of the play that never was is of no use.
  video.play().catch(() => {});
  video.pause();
  if (sceneDrawn) load();
  showSound();
}

/** Shows the player with its controls, for whoever watches without the camera. */
export function showControls() {
  load();
  video.controls = true;
}

export async function play() {
  load();
  try {
    await video.play();
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    if (name === 'AbortError') return; // paused before it began
    if (name !== 'NotAllowedError' || video.muted) throw error;
    video.muted = true; // some phones refuse sound: better silent than still
    showSound();
    await video.play();
  }
}

/** Whether there is anything to be drawn yet. */
export function hasPicture() {
  return video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
}

export function pause() {
  video.pause();
}

sound.addEventListener('click', () => {
  video.muted = !video.muted;
  showSound();
});
showSound();
