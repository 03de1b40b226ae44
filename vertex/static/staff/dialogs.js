/** Dialogs: opened by buttons that name them, and before forms that ask. */

/** Let buttons open and close dialogs, and let forms ask before they are sent. */
export function listenForDialogs() {
  document.addEventListener('click', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const opener = /** @type {HTMLElement | null} */ (target.closest('[data-open]'));
    if (opener) dialog(opener.dataset.open)?.showModal();
    if (target.closest('[data-close]')) target.closest('dialog')?.close();
  });
  document.addEventListener('submit', (event) => {
    const asking = dialog(/** @type {HTMLElement} */ (event.target).dataset.ask);
    if (!asking) return;
    event.preventDefault();
    asking.showModal();
  });
}

/** @param {string | undefined} id */
function dialog(id) {
  return /** @type {HTMLDialogElement | null} */ (document.getElementById(id ?? ''));
}
