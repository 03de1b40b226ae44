// Looking through the camera for as long as the page can be seen: hidden, it reads no frame, and
// soon gives the camera back.

import * as camera from './camera.js';
import * as recogniser from './recogniser.js';

const KEPT = 30; // s that a hidden page keeps the camera: opening it again takes time and may ask
const REVIVAL = 2; // s in which a camera that the phone has taken away must send pictures again
const PATIENCE = 8; // s for a camera that somebody has allowed to send its first picture

/** @type {MediaStream | null} */
let stream = null;
/** @type {Promise<void> | null} while the camera opens */
let opening = null;
let openings = 0; // a camera that comes after we have given it up is no longer wanted
let openedAt = 0; // ms
let again = false; // the phone has taken the camera away, and it is opened once more
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
  left = again = false;
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
 * Looks through another camera from now on, or through the same again if that cannot be had.
 * @param {string} deviceId
 */
export async function change(deviceId) {
  const before = track()?.getSettings().deviceId ?? '';
  if (!(await lookThrough(deviceId))) return;
  const reason = await lookThrough(before);
  if (reason) tellLoss(reason);
}

/** @param {string} deviceId */
function lookThrough(deviceId) {
  camera.remember(deviceId);
  again = false;
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
    if (!stream) await opened(mine);
  } catch (error) {
    return mine === turn ? camera.reasonOf(error) : '';
  }
  if (mine !== turn) return '';
  if (!stream) return wanted ? 'camera-busy' : '';
  try {
    // The recogniser first: it sees the camera's frames before the screen does.
    recogniser.watch(stream.getVideoTracks()[0], camera.video);
    await soon(camera.show(stream));
  } catch (error) {
    if (mine !== turn) return '';
    if (!isLate(error)) return 'unsupported';
    return camera.hasPicture() ? '' : camera.reasonOf(error);
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
  if (stream) stop(stream);
  stream = null;
}

/** @param {MediaStream} found */
function stop(found) {
  for (const track of found.getTracks()) track.stop();
}

function keepForAWhile() {
  clearTimeout(keeping);
  keeping = setTimeout(() => {
    if (!document.hidden) return; // a phone that slept through this wakes up with its page in view
    release();
    left = true;
  }, KEPT * 1000);
}

/**
 * Waits for the camera: for ever while somebody may be asked, else for as long as one has patience.
 * @param {number} mine the turn that waits; an older one does not give up what another waits for
 */
async function opened(mine) {
  const pending = (opening ??= open());
  const over = () => {
    if (opening === pending) opening = null;
  };
  pending.then(over, over);
  try {
    await ((await camera.isAllowed()) ? soon(pending) : pending);
  } catch (error) {
    if (isLate(error) && mine === turn) {
      openings++;
      over();
    }
    throw error;
  }
}

async function open() {
  const mine = ++openings;
  const found = await camera.open();
  if (mine !== openings || !wanted) return stop(found);
  const [track] = found.getVideoTracks();
  if (track.readyState === 'ended') throw new DOMException('', 'NotReadableError');
  stream = found;
  openedAt = performance.now();
  track.addEventListener('ended', () => lose(track)); // not when we stop it
  if (document.hidden) keepForAWhile();
}

/**
 * The same promise, which fails where it takes too long.
 * @param {Promise<void>} promise
 * @returns {Promise<void>}
 */
function soon(promise) {
  return new Promise((resolve, reject) => {
    const late = () => reject(new DOMException('', 'TimeoutError'));
    const waiting = setTimeout(late, PATIENCE * 1000);
    promise.then(resolve, reject).finally(() => clearTimeout(waiting));
  });
}

/** @param {unknown} error */
function isLate(error) {
  return error instanceof DOMException && error.name === 'TimeoutError';
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
  const useless = again && performance.now() - openedAt < REVIVAL * 1000;
  release();
  if (document.hidden) return;
  rest();
  again = true;
  if (useless) tellLoss('camera-busy');
  else goOn();
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
