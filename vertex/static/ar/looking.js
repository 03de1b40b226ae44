// Looking through the camera for as long as the page can be seen: hidden, it reads no frame, and
// soon gives the camera back.

import * as camera from './camera.js';
import * as recogniser from './recogniser.js';

const KEPT = 30; // s that a hidden page keeps the camera: opening it again takes time and may ask
const REVIVAL = 2; // s in which a camera that the phone has taken away must send pictures again

/** @type {MediaStream | null} */
let stream = null;
/** @type {Promise<void> | null} while the camera opens */
let opening = null;
let wanted = false;
let turn = 0; // what an older turn was waiting for is no longer its business
let keeping = 0;
let left = false; // the camera was given back while nobody saw the page
/** @type {(reason: string) => void} */
let tellLoss = () => {};

/**
 * Opens the camera, shows it and lets the recogniser see; answers why not, or ''.
 * @param {(reason: string) => void} lost is told when the camera cannot be had again
 */
export function begin(lost) {
  wanted = true;
  left = false;
  tellLoss = lost;
  return look();
}

/** For good: the camera is of no use any more. */
export function end() {
  wanted = false;
  rest();
  release();
}

/** Whether the camera is still of use. */
export function lasts() {
  return wanted;
}

/** The camera's track, while there is one. */
export function track() {
  return stream?.getVideoTracks()[0] ?? null;
}

/**
 * Looks through another camera from now on; answers why not, or ''.
 * @param {string} deviceId
 */
export function change(deviceId) {
  camera.remember(deviceId);
  rest();
  release();
  return look();
}

async function look() {
  const mine = ++turn;
  clearTimeout(keeping);
  const kept = stream;
  const gone = kept && !(await sends(kept.getVideoTracks()[0]));
  if (gone && stream === kept) release();
  if (mine !== turn) return '';
  try {
    if (!stream) await (opening ??= open().finally(() => (opening = null)));
  } catch (error) {
    return mine === turn ? camera.reasonOf(error) : '';
  }
  if (mine !== turn || !stream) return '';
  try {
    // The recogniser first: it sees the camera's frames before the screen does.
    recogniser.watch(stream.getVideoTracks()[0], camera.video);
    await camera.show(stream);
  } catch {
    return mine === turn ? 'unsupported' : '';
  }
  return '';
}

function rest() {
  turn++;
  recogniser.lookAway();
  camera.video.pause();
}

function release() {
  clearTimeout(keeping);
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
}

function keepForAWhile() {
  clearTimeout(keeping);
  keeping = setTimeout(() => {
    if (!document.hidden) return; // a phone that slept through this wakes up with its page in view
    release();
    left = true;
  }, KEPT * 1000);
}

async function open() {
  stream = await camera.open();
  const [track] = stream.getVideoTracks();
  track.addEventListener('ended', () => lose(track)); // not when we stop it
  if (!wanted) release();
  else if (document.hidden) keepForAWhile();
}

/**
 * Whether a track sends pictures, or does so again soon: iPhones mute it while the page is hidden.
 * @param {MediaStreamTrack} track
 */
async function sends(track) {
  if (track.readyState === 'live' && track.muted) {
    await new Promise((done) => {
      track.addEventListener('unmute', done, {once: true});
      setTimeout(done, REVIVAL * 1000);
    });
  }
  return track.readyState === 'live' && !track.muted;
}

/**
 * The phone has taken the camera away.
 * @param {MediaStreamTrack} track
 */
function lose(track) {
  if (!stream?.getTracks().includes(track)) return;
  release();
  if (document.hidden) return;
  rest();
  goOn();
}

async function goOn() {
  const reason = await look();
  if (reason) tellLoss(reason);
}

document.addEventListener('visibilitychange', () => {
  if (!wanted) return;
  if (document.hidden) {
    rest();
    keepForAWhile();
  } else if (left) {
    end();
    document.dispatchEvent(new Event('camera-left'));
  } else {
    goOn();
  }
});
