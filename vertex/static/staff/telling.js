/**
 * Messages to clients that leave by the clipboard or by the phone's share sheet. They are put
 * together here, so that a PIN in them never reaches the server.
 */

import { text } from './texts.js';
import { tell, warn } from './toasts.js';

/** Show what this browser can do with a message, and do it. */
export function listenForTelling() {
  for (const button of buttons('[data-copy-text]')) {
    button.hidden = false;
    button.addEventListener('click', () => copy(button.dataset.copyText ?? ''));
  }
  if (!('share' in navigator)) return;
  for (const button of buttons('[data-share-text]')) {
    button.hidden = false;
    button.addEventListener('click', () => share(button.dataset.shareText ?? ''));
  }
}

/** @param {string} selector */
function buttons(selector) {
  return /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector));
}

/** @param {string} form its id */
async function copy(form) {
  try {
    await navigator.clipboard.writeText(messageOf(form));
    tell(text('copied'));
  } catch {
    area(form).select(); // plain http has no clipboard: the keys still work
    warn(text('notCopied'));
  }
}

/** @param {string} form its id */
async function share(form) {
  try {
    await navigator.share({ text: messageOf(form) });
  } catch (error) {
    if (/** @type {Error} */ (error).name !== 'AbortError') await copy(form);
  }
}

/**
 * The message with its PIN, or without the lines that have a place for one.
 * @param {string} form its id
 */
function messageOf(form) {
  const field = document.querySelector(`#${form} [name="pin"]`);
  const pin = field instanceof HTMLInputElement ? field.value.replace(/\s/g, '') : '';
  const lines = area(form).value.split('\n');
  const told = lines.filter((line) => pin || !line.includes('{pin}'));
  return told.join('\n').replaceAll('{pin}', pin).replace(/\n{3,}/g, '\n\n').trim();
}

/** @param {string} form its id */
function area(form) {
  return /** @type {HTMLTextAreaElement} */ (document.querySelector(`#${form} textarea`));
}
