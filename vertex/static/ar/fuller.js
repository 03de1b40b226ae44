// An album's first marker holds the least by which its prints are recognised; where that is not enough,
// one with more in it follows.

import {config} from './config.js';
import {onState, state} from './page.js';
import {exchange, onPose} from './recogniser.js';

const STEP = 250; // ms
const IN_VAIN = 2000; // ms of looking, in which a print is found if the light marker knows it

const waiting = [...config.fuller];
let vain = 0; // ms
let seeing = false;
let busy = false;

onPose(({found}) => {
  seeing = true;
  if (found) vain = 0;
});
onState((next) => {
  if (next === 'found') vain = 0;
});

async function improve() {
  const [next] = waiting;
  busy = true;
  if (await exchange(next)) waiting.shift();
  busy = false;
  vain = 0;
}

setInterval(() => {
  const looked = seeing && !document.hidden && ['scanning', 'lost', 'fallback'].includes(state());
  seeing = false; // a camera that is closed sees nothing
  if (!looked || busy || !waiting.length) return;
  vain += STEP;
  if (vain >= IN_VAIN) improve();
}, STEP);
