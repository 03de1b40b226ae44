// What happens when the print is not recognised: tips one by one, and in the end the video anyway.

import {config} from './config.js';
import {element, onState, state} from './page.js';
import {onPose} from './recogniser.js';

const STEP = 250; // ms
const FIRST_TIP = 3000;
const NEXT_TIP = 2500;
const PATIENCE = 8000;
const TIPS = ['tip-closer', 'tip-glare', 'tip-light'];

let looked = 0; // ms for which the camera was looked through, in vain
let seeing = false;
let given = false;
/** @type {() => void} */
let giveUp = () => {};

onPose(() => (seeing = true));
onState((next) => {
  if (next === 'scanning' && !given) looked = 0;
  if (next === 'found') looked = 0;
});

/** @param {() => void} then is called once, when nothing was recognised in time */
export function begin(then) {
  giveUp = then;
  given = false;
  looked = 0;
}

setInterval(() => {
  const searching = ['scanning', 'lost'].includes(state());
  const tip = element('tip', HTMLElement);
  tip.hidden = !searching || looked < FIRST_TIP;
  document.body.toggleAttribute('data-tip', !tip.hidden); // it takes the place of the sentence
  if (!searching || document.hidden || !seeing) return;
  looked += STEP;
  const turn = Math.floor((looked - FIRST_TIP) / NEXT_TIP);
  if (turn >= 0) {
    const text = config.texts[TIPS[turn % TIPS.length]];
    if (tip.textContent !== text) tip.textContent = text;
  }
  if (state() === 'scanning' && looked >= PATIENCE && !given) {
    given = true;
    giveUp();
  }
}, STEP);
