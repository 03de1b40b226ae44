// The portrait's video: unlocked by the tap, played while the print is seen.

import {config} from './config.js';
import {element} from './page.js';

export const video = element('portrait-video', HTMLVideoElement);
const sound = element('sound', HTMLButtonElement);

function showSound() {
  sound.setAttribute('aria-pressed', String(!video.muted));
  sound.textContent = config.texts[video.muted ? 'sound-on' : 'sound-off'];
}

/** Must be called from the tap itself: lets this element play later, with sound, without another. */
export function unlock() {
  video.preload = 'auto';
  video.muted = false;
  // Pausing at once keeps it silent; the promise of the play that never was is of no use.
  video.play().catch(() => {});
  video.pause();
  showSound();
}

export async function play() {
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

export function pause() {
  video.pause();
}

sound.addEventListener('click', () => {
  video.muted = !video.muted;
  showSound();
});
showSound();
