/** Parts that ask again by themselves do so only while somebody looks. */

/** Hold back what asks while the page is hidden, and let it ask when the page is seen again. */
export function listenForPolls() {
  document.body.addEventListener('htmx:beforeRequest', (event) => {
    const { elt } = /** @type {CustomEvent} */ (event).detail;
    if (document.hidden && elt instanceof HTMLElement && 'poll' in elt.dataset) {
      event.preventDefault();
    }
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    for (const part of document.querySelectorAll('[data-poll]')) {
      part.dispatchEvent(new Event('poll'));
    }
  });
}
