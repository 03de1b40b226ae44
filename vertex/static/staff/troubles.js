/** What went wrong on the way to the server or in it, said in a sentence. */

import { text } from './texts.js';
import { warn } from './toasts.js';

/** Say a sentence when there is no answer of ours, and swap in nobody else's. */
export function listenForTroubles() {
  const body = document.body;
  body.addEventListener('htmx:beforeSwap', (event) => {
    const { xhr } = /** @type {CustomEvent} */ (event).detail;
    if (xhr.status >= 400 && !xhr.getResponseHeader('X-Request-ID')) {
      /** @type {CustomEvent} */ (event).detail.shouldSwap = false; // a proxy's page, not ours
      warn(text('broken'));
    }
  });
  body.addEventListener('htmx:sendError', () => warn(text('offline')));
  body.addEventListener('htmx:timeout', () => warn(text('slow')));
  body.addEventListener('htmx:responseError', (event) => {
    const { xhr } = /** @type {CustomEvent} */ (event).detail;
    if (xhr.status >= 500) warn(text('broken'));
  });
}
