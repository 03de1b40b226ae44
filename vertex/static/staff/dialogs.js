/** Dialogs: opened and closed by buttons that name them. */

/** Show the buttons that need scripts, and let them open and close dialogs. */
export function listenForDialogs() {
  for (const button of document.querySelectorAll('[data-open]')) {
    button.removeAttribute('hidden');
  }
  document.addEventListener('click', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const opener = /** @type {HTMLElement | null} */ (target.closest('[data-open]'));
    if (opener) dialog(opener.dataset.open ?? '')?.showModal();
    if (target.closest('[data-close]')) target.closest('dialog')?.close();
  });
}

/** @param {string} id */
function dialog(id) {
  return /** @type {HTMLDialogElement | null} */ (document.getElementById(id));
}
