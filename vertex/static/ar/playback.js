// The portrait's video: unlocked by the tap, played while the print is seen.

import {config} from './config.js';
import {address} from './film.js';
import {element, setState, state} from './page.js';
import {current, onChange} from './showing.js';

/** @typedef {import('./types').PortraitOfPage} PortraitOfPage */

const PATIENCE = 1500; // ms; a film that begins, or begins again, stands still for a moment too

const WANTED = ['found', 'ended', 'fallback']; // in other states the film is fetched ahead

export const video = element('portrait-video', HTMLVideoElement);
const sound = element('sound', HTMLButtonElement);
/** @type {Map<string, number>} s at which each portrait's video stopped */
const stopped = new Map();

function showSound() {
  sound.classList.toggle('off', video.muted);
  const words = /** @type {HTMLElement} */ (sound.querySelector('.label'));
  words.textContent = config.texts[video.muted ? 'sound-on' : 'sound-off'];
}

function isPlain() {
  return document.body.dataset.player === 'plain';
}

/** Fits the element to the film of the portrait that is shown. */
function suit() {
  const film = current()?.video;
  video.loop = Boolean(film?.loop);
  video.dataset.fit = film?.fit ?? 'cover';
  video.classList.toggle('packed', Boolean(film?.packed) && !(isPlain() && film?.plain));
  if (film) document.documentElement.style.setProperty('--film', String(film.width / film.height));
  sound.hidden = !film?.sound;
  video.querySelector('track')?.remove();
  if (!film?.captions) return;
  const track = document.createElement('track');
  Object.assign(track, {kind: 'captions', src: film.captions, srclang: film.captionsLanguage ?? ''});
  track.default = true;
  video.append(track);
}
suit();

let tapped = false;
let sceneDrawn = false;

/** @param {PortraitOfPage} portrait @param {PortraitOfPage} before */
function change(portrait, before) {
  stopped.set(before.id, video.ended ? 0 : video.currentTime);
  video.pause();
  forgetPicture();
  video.removeAttribute('src');
  suit();
  if (state() === 'fallback') video.poster = portrait.photo; // elsewhere nobody sees it
  else video.removeAttribute('poster');
  goOnAt(stopped.get(portrait.id) ?? 0);
  if (tapped) load();
}
onChange(change);

/**
 * Begins to load the video. Not before the scene is drawn: a player wants the graphics process,
 * which a cold browser is still starting, and everything else would stand still with it.
 */
function load() {
  const film = current()?.video;
  if (video.hasAttribute('src') || !film) return;
  video.preload = 'auto';
  video.src = (isPlain() && film.plain) || address(film);
}

/**
 * Shows the video in a player of its own, or on the photograph and the print.
 * @param {boolean} plain
 */
export function setPlain(plain) {
  video.controls = plain;
  if (plain === isPlain()) return;
  document.body.dataset.player = plain ? 'plain' : 'laid';
  if (!current()?.video?.plain) return;
  goOnAt(video.currentTime);
  suit();
  if (!video.hasAttribute('src')) return;
  video.removeAttribute('src');
  load();
}

/** @param {number} seconds where the film begins as soon as it is there */
function goOnAt(seconds) {
  if (!seconds) return;
  video.addEventListener('loadedmetadata', () => (video.currentTime = seconds), {once: true});
}

/** Tells that the scene has been drawn, so that the video may load as soon as it is wanted. */
export function sceneIsDrawn() {
  if (sceneDrawn) return;
  sceneDrawn = true;
  if (tapped && !config.album) load(); // an album's are fetched when their portraits are first seen
}

/** Must be called from the tap itself: lets this element play later, with sound, without another. */
export function unlock() {
  tapped = true;
  video.muted = false;
  // Pausing at once keeps it silent; the promise of the play that never was is of no use.
  video.play().catch(() => {});
  video.pause();
  if (sceneDrawn && !config.album) load();
  showSound();
}

/** Whether somebody has tapped, so that the video may play by itself. */
export function isUnlocked() {
  return tapped;
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

let failing = false;

/** The video does not play: the smaller one is tried, then it is found out why and said. */
export async function fail() {
  const film = current()?.video;
  if (failing) return;
  failing = true;
  const status = await statusOfPage();
  failing = false;
  if (status >= 400) location.reload(); // the studio has closed it meanwhile: the page says so
  else if (!status && !navigator.onLine) document.dispatchEvent(new Event('no-line'));
  else if (film?.small && video.src && video.getAttribute('src') !== film.small) {
    video.src = film.small;
    play().catch(fail);
  } else setState('error', 'video');
}

/** What the server answers for this page now, or 0 for no answer; a player does not tell. */
async function statusOfPage() {
  try {
    return (await fetch(location.href, {method: 'HEAD', cache: 'no-store'})).status;
  } catch {
    return 0;
  }
}

/** Goes on where a lost line stopped the film. */
export function goOn() {
  const begin = video.currentTime;
  video.load();
  video.addEventListener('loadedmetadata', () => (video.currentTime = begin), {once: true});
  return play();
}

/** Whether there is anything to be drawn yet. */
export function hasPicture() {
  return video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
}

export function pause() {
  video.pause();
}

/** Paused, the video still shows its picture; before it has one, the photograph is seen. */
function forgetPicture() {
  document.body.removeAttribute('data-begun');
}
video.addEventListener('playing', () => document.body.setAttribute('data-begun', ''));
video.addEventListener('emptied', forgetPicture);

/** From the beginning. */
export function replay() {
  video.currentTime = 0;
  if (state() === 'ended') setState('found');
  return play();
}

video.addEventListener('ended', () => {
  if (state() === 'found') setState('ended');
});
/** A player that has shown all it has fetched stands still without a word. */
function mindTheLine() {
  setTimeout(() => {
    const stands = !video.paused && video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
    if (stands && !navigator.onLine) document.dispatchEvent(new Event('no-line'));
  }, PATIENCE);
}
video.addEventListener('waiting', mindTheLine);
addEventListener('offline', mindTheLine);
video.addEventListener('error', () => {
  if (!tapped || !video.hasAttribute('src') || state() === 'error') return;
  if (WANTED.includes(state())) return void fail();
  // by the time the print is seen it may be there
  goOnAt(video.currentTime);
  video.removeAttribute('src');
});
sound.addEventListener('click', () => {
  video.muted = !video.muted;
  showSound();
});
showSound();
