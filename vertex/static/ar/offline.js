// Lets the phone keep what a second scan needs.

import {config, fromPage} from './config.js';
import {onState} from './page.js';
import {video} from './playback.js';
import {fetched, ready} from './recogniser.js';

const CALM = 3000; // ms after which what is needed at once has been fetched

let watched = ''; // the film of which half has been seen, over and over

/** The parts of the recogniser, once they are there: who watches without them needs none. */
async function recogniser() {
  const simd = await Promise.race([ready, 'not yet']).catch(() => 'never');
  if (typeof simd !== 'boolean') return [];
  return [config.worker, simd ? config.simd : config.plain, ...fetched];
}

/** @param {(string | null | undefined)[]} addresses */
function whole(addresses) {
  return addresses.flatMap((address) => (address ? [fromPage(address)] : []));
}

/** What the next scan will need of what this one has fetched, and what else belongs to this page. */
async function used() {
  const entries = performance.getEntriesByType('resource').map(({name}) => name);
  const ours = entries.filter((name) => /\/static\/r\/|\/v\/studio\/|\/(marker|photo)\b/.test(name));
  const named = config.portraits.flatMap((one) => [one.photo, one.video?.url, one.video?.small]);
  return {
    urls: [...ours, ...whole(await recogniser()), location.href.replace(/#.*/, '')],
    named: whole([config.marker, ...config.fuller, ...named]),
  };
}

/** @param {object} message */
async function tell(message) {
  const {active} = await navigator.serviceWorker.ready;
  active?.postMessage(message);
}

/** A film that was watched will be again; on a line that costs it is not fetched for that. */
function keepFilm() {
  const {saveData} = /** @type {any} */ (navigator).connection ?? {};
  if (!saveData && video.src) setTimeout(tell, CALM, {type: 'film', url: video.src});
}

if (config.keeper && 'serviceWorker' in navigator && window.isSecureContext) {
  addEventListener('load', () => {
    navigator.serviceWorker.register(config.keeper ?? '', {scope: '/v/'}).catch(() => {});
  });
  navigator.serviceWorker.addEventListener('message', ({data}) => {
    if (data?.type === 'gone') location.reload();
  });
  onState((state) => {
    if (!['found', 'fallback'].includes(state)) return;
    setTimeout(async () => tell({type: 'keep', ...(await used())}), CALM);
  });
  video.addEventListener('ended', keepFilm);
  video.addEventListener('timeupdate', () => {
    // one that plays in a loop never ends
    if (video.loop && video.currentTime > video.duration / 2 && watched !== video.src) {
      watched = video.src;
      keepFilm();
    }
  });
}
