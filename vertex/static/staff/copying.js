/** Buttons that copy what stands in a field. */

import { text } from './texts.js';
import { tell, warn } from './toasts.js';

/** Show the buttons that copy, and let them. */
export function listenForCopying() {
  for (const button of document.querySelectorAll('[data-copy]')) button.removeAttribute('hidden');
  document.addEventListener('click', async (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const button = /** @type {HTMLElement | null} */ (target.closest('[data-copy]'));
    if (!button) return;
    const field = document.getElementById(button.dataset.copy ?? '');
    if (field instanceof HTMLInputElement) await copy(field);
  });
}

/** @param {HTMLInputElement} field */
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    tell(text('copied'));
  } catch {
    field.select(); // plain http has no clipboard: the keys still work
    warn(text('notCopied'));
  }
}
