/** Two keys that work on every page: one to search, one that shows all there are. */

/** Let the keys work, wherever nobody is typing. */
export function listenForKeys() {
  if (location.hash === '#search') search();
  document.addEventListener('keydown', (event) => {
    const held = event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented;
    if (held || isTyping(event.target) || document.querySelector('dialog[open]')) return;
    if (event.key === '/') search();
    else if (event.key === '?') show();
    else return;
    event.preventDefault();
  });
}

/** Go to this page's search, or to that of the orders. */
function search() {
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById('search'));
  field?.focus();
  field?.select();
  if (!field) /** @type {HTMLElement | null} */ (document.querySelector('[data-search]'))?.click();
}

function show() {
  /** @type {HTMLDialogElement | null} */ (document.getElementById('keys'))?.showModal();
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input, select, textarea');
}
