/** Short notices that stay long enough to be read, and as long as somebody is at them. */

import { text } from './texts.js';

const SHOWN_MS = 10_000;

/** Let notices be closed, and close those that say what was done by themselves. */
export function listenForToasts() {
  const region = /** @type {HTMLElement} */ (document.getElementById('toasts'));
  region.addEventListener('click', (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest('[data-dismiss]');
    button?.closest('.toast')?.remove();
  });
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) expire(node);
  }).observe(region, { childList: true });
  region.querySelectorAll('.toast').forEach(expire);
}

/**
 * Show a notice of something that went wrong; it stays until it is closed.
 * @param {string} sentence
 */
export function warn(sentence) {
  show(sentence, 'wrong');
}

/**
 * Show a notice of something that was done.
 * @param {string} sentence
 */
export function tell(sentence) {
  show(sentence, 'done');
}

/** @param {string} sentence @param {'done' | 'wrong'} kind */
function show(sentence, kind) {
  const region = document.getElementById('toasts');
  const same = [...(region?.querySelectorAll('.toast p') ?? [])];
  if (same.some((shown) => shown.textContent === sentence)) return;
  const toast = document.createElement('div');
  toast.className = `toast ${kind}`;
  if (kind === 'wrong') toast.setAttribute('role', 'alert');
  const words = document.createElement('p');
  words.textContent = sentence;
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'dismiss';
  close.dataset.dismiss = '';
  close.setAttribute('aria-label', text('dismiss'));
  close.textContent = '×';
  toast.append(words, close);
  region?.append(toast);
}

/** @param {Node} node */
function expire(node) {
  if (!(node instanceof HTMLElement) || node.classList.contains('wrong')) return;
  const end = () => {
    if (node.matches(':hover') || node.contains(document.activeElement)) wait();
    else node.remove();
  };
  const wait = () => setTimeout(end, SHOWN_MS);
  wait();
}
