// Which portrait of the page is being shown; an album has several, and each goes on where it stopped.

import {config} from './config.js';

/** @typedef {import('./types').PortraitOfPage} PortraitOfPage */

let index = 0;
/** @type {((portrait: PortraitOfPage, before: PortraitOfPage) => void)[]} */
const listeners = [];

export const portraits = config.portraits ?? [];

/** The portrait that is being shown. */
export function current() {
  return portraits[index];
}

/** @param {(portrait: PortraitOfPage, before: PortraitOfPage) => void} listener */
export function onChange(listener) {
  listeners.push(listener);
}

/**
 * Shows another one.
 * @param {number} next its place on the page, which is its index in the marker
 */
export function show(next) {
  if (next === index || !portraits[next]) return;
  const before = current();
  index = next;
  for (const listener of listeners) listener(current(), before);
}

export function place() {
  return index;
}
