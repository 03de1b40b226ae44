// The page's state: one word on <body>, one sentence on the screen.

import {config} from './config.js';

/**
 * @typedef {'checking' | 'ready' | 'starting' | 'scanning' | 'found' | 'lost' | 'ended' | 'fallback' |
 *   'error'} State
 */

/** @type {((state: State, reason: string) => void)[]} */
const listeners = [];

/** @param {(state: State, reason: string) => void} listener */
export function onState(listener) {
  listeners.push(listener);
}

/**
 * The element with this id, which the page must have.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function element(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`no ${type.name} #${id}`);
  return found;
}

/** @returns {State} */
export function state() {
  return /** @type {State} */ (document.body.dataset.state);
}

/**
 * Moves the page to a state; CSS shows what belongs to it, and the sentence is read out.
 * @param {State} next
 * @param {string} [reason]
 */
export function setState(next, reason) {
  document.body.dataset.state = next;
  if (reason) document.body.dataset.reason = reason;
  else delete document.body.dataset.reason;
  say(config.texts[`${next}-${reason}`] ?? config.texts[next] ?? '');
  for (const listener of listeners) listener(next, reason ?? '');
}

/**
 * Writes a sentence where it is read out.
 * @param {string} text
 */
export function say(text) {
  const status = element('status', HTMLElement);
  if (status.textContent !== text) status.textContent = text;
}
