// The buttons in the thumb's reach.

import * as camera from './camera.js';
import {config} from './config.js';
import * as looking from './looking.js';
import {element, onState, say, state} from './page.js';
import * as playback from './playback.js';

const {video} = playback;
const pauseButton = element('pause', HTMLButtonElement);
const torch = element('torch', HTMLButtonElement);
const turn = element('turn', HTMLButtonElement);
const full = element('full', HTMLButtonElement);
const page = /** @type {any} */ (document.documentElement);
const player = /** @type {any} */ (video);

function showPlaying() {
  const playing = !video.paused && !video.ended;
  document.body.toggleAttribute('data-playing', playing);
  const words = config.texts[playing ? 'pause' : 'play'];
  pauseButton.setAttribute('aria-label', words);
  pauseButton.title = words;
}
for (const type of ['play', 'playing', 'pause', 'ended', 'emptied']) {
  video.addEventListener(type, showPlaying);
}
showPlaying();

function playOrPause() {
  if (video.ended) playback.replay().catch(playback.fail);
  else if (video.paused) playback.play().catch(playback.fail);
  else video.pause();
}
pauseButton.addEventListener('click', playOrPause);
element('play', HTMLButtonElement).addEventListener('click', () => {
  playback.unlock();
  playback.play().catch(playback.fail);
});
video.addEventListener('click', () => {
  if (!video.controls) playOrPause();
});
for (const id of ['replay', 'again']) {
  element(id, HTMLButtonElement).addEventListener('click', () => {
    playback.replay().catch(playback.fail);
  });
}

full.hidden = !(page.requestFullscreen ?? page.webkitRequestFullscreen ?? player.webkitEnterFullscreen);
full.addEventListener('click', async () => {
  if (document.fullscreenElement) return document.exitFullscreen();
  const ask = page.requestFullscreen ?? page.webkitRequestFullscreen;
  if (ask) await ask.call(page);
  else player.webkitEnterFullscreen(); // iPhones show a video alone
});

element('snapshot', HTMLButtonElement).addEventListener('click', async () => {
  try {
    const snapshot = await import('./snapshot.js');
    const how = await snapshot.pass(await snapshot.take());
    if (how !== 'kept') say(config.texts[`snapshot-${how}`]);
  } catch {
    say(config.texts['snapshot-failed']);
  }
});

element('plain', HTMLButtonElement).addEventListener('click', () => {
  playback.setPlain(document.body.dataset.player !== 'plain');
  playback.play().catch(playback.fail);
});

/** @returns {MediaTrackCapabilities & {torch?: boolean}} */
function abilities() {
  return looking.track()?.getCapabilities?.() ?? {};
}

torch.addEventListener('click', async () => {
  const on = torch.getAttribute('aria-pressed') !== 'true';
  const wish = /** @type {any} */ ({advanced: [{torch: on}]});
  try {
    await looking.track()?.applyConstraints(wish);
    torch.setAttribute('aria-pressed', String(on));
  } catch {
    torch.hidden = true;
  }
});

turn.addEventListener('click', async () => {
  const cameras = await camera.all();
  const now = looking.track()?.getSettings().deviceId;
  const next = cameras[(cameras.findIndex(({deviceId}) => deviceId === now) + 1) % cameras.length];
  if (next) await looking.change(next.deviceId);
  await offer();
});

/** Shows what this camera and this phone have. */
async function offer() {
  torch.hidden = !abilities().torch;
  torch.setAttribute('aria-pressed', 'false');
  turn.hidden = (await camera.all()).length < 2;
}

onState((next) => {
  if (next === 'scanning') offer().catch(() => {});
  if (next === 'found') navigator.vibrate?.(30);
  if (next !== 'fallback') playback.setPlain(false);
});

document.addEventListener('keydown', (event) => {
  const own = event.target instanceof HTMLElement && event.target.closest('button, a, input');
  // one that has just been hidden may still be given the keys
  if ((own && own.getClientRects().length) || !['found', 'ended', 'fallback'].includes(state())) return;
  if (event.key === ' ' || event.key === 'k') {
    event.preventDefault();
    playOrPause();
  }
});
