// How the visit goes, told to the studio: no cookie, no address, nothing that is kept on the phone.

import {config} from './config.js';
import {onState} from './page.js';
import {video} from './playback.js';
import {current} from './showing.js';

const NARROW = 600; // CSS px of a phone's shorter side
const STEPS = ['found', 'fallback'];

const draw = crypto.getRandomValues(new Uint8Array(16));
const visit = [...draw].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** @type {Record<string, string | number | boolean>} */
const told = {visit, device: device()};
let scanning = 0; // ms of the page when the camera began to look
let played = 0; // s of the video
let last = -1;
let next = 2; // s of the video after which it is told of: a phone that dies has no last word
let sent = '';

function device() {
  if (!matchMedia('(pointer: coarse)').matches) return 'desk';
  return Math.min(screen.width, screen.height) < NARROW ? 'phone' : 'tablet';
}

function send() {
  const text = JSON.stringify(told);
  if (!config.events || text === sent) return;
  sent = text;
  navigator.sendBeacon(config.events, new Blob([text], {type: 'text/plain'}));
}

onState((state, reason) => {
  if (state === 'scanning' && !scanning) {
    scanning = performance.now();
    told.camera = true;
  }
  if (state === 'found' && told.found === undefined) {
    told.found = Math.round(performance.now() - scanning);
    told.portrait = current().id;
  }
  if (state === 'fallback' && !told.fallback) told.fallback = reason;
  if (STEPS.includes(state)) send();
});

video.addEventListener('timeupdate', () => {
  const step = video.currentTime - last;
  last = video.currentTime;
  if (video.paused || step <= 0 || step > 1) return;
  played += step;
  told.watched = Math.round(played * 1000);
  if (!video.muted && current().video?.sound) told.sound = true;
  if (played < next) return;
  next *= 2;
  send();
});
video.addEventListener('ended', send);

document.addEventListener('visibilitychange', () => document.hidden && send());
addEventListener('pagehide', send);
send();
