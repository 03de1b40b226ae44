/** Many of a list at once: how many are chosen, and all of them by one box. */

import { text } from './texts.js';

/** @type {HTMLInputElement | null} the box that was ticked last, from which a range begins */
let last = null;

/** Follow what is chosen, wherever there is a list to choose from. */
export function listenForMany() {
  document.addEventListener('change', onChange);
  document.addEventListener('click', onClick);
  document.addEventListener('keydown', onKey);
  document.body.addEventListener('htmx:afterSettle', show);
  addEventListener('pageshow', show); // Back brings the ticks with it
  show();
}

/** @returns {HTMLInputElement[]} */
function boxes() {
  return [...document.querySelectorAll('input[name=id][form=many]')].map(
    (box) => /** @type {HTMLInputElement} */ (box),
  );
}

/** @param {Event} event */
function onChange(event) {
  const box = event.target;
  if (!(box instanceof HTMLInputElement)) return;
  if ('manyAll' in box.dataset) tick(boxes(), box.checked);
  if (box.getAttribute('form') === 'many' || 'manyAll' in box.dataset) show();
}

/** A click with Shift ticks all from the last box to this one. @param {MouseEvent} event */
function onClick(event) {
  const target = /** @type {Element} */ (event.target);
  if (target.closest('[data-many-none]')) {
    none();
    return;
  }
  if (!(target instanceof HTMLInputElement) || target.getAttribute('form') !== 'many') return;
  const all = boxes();
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(target)].sort((a, b) => a - b);
    tick(all.slice(from, to + 1), target.checked);
    show();
  }
  last = target;
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const bar = document.querySelector('[data-many]');
  const inside = event.target instanceof Element && event.target.closest('[data-many], .pick');
  if (event.key === 'Escape' && bar && inside) none();
}

/** @param {HTMLInputElement[]} some @param {boolean} checked */
function tick(some, checked) {
  for (const box of some) box.checked = checked;
}

/** Choose none, and leave the keys where the choice began. */
function none() {
  const first = boxes().find((box) => box.checked);
  tick(boxes(), false);
  show();
  first?.focus();
}

function show() {
  const bar = document.querySelector('[data-many]');
  if (!bar) return;
  const all = boxes();
  const count = all.filter((box) => box.checked).length;
  const words = /** @type {HTMLElement} */ (bar.querySelector('[data-many-count]'));
  bar.classList.toggle('some', count > 0);
  words.textContent = count ? text('chosen', { count }) : '';
  for (const box of document.querySelectorAll('[data-many-all]')) {
    const whole = /** @type {HTMLInputElement} */ (box);
    whole.checked = count > 0 && count === all.length;
    whole.indeterminate = count > 0 && count < all.length;
  }
}
