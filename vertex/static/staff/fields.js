/** Fields: what is wrong is told to those who do not see it, and stands where the cursor goes. */

const STILL = 10; // px that a hand trembles

/** Keep the marks of wrong fields right while parts of a form are swapped. */
export function listenForFields() {
  document.body.addEventListener('htmx:afterSwap', (event) => {
    const swapped = /** @type {CustomEvent} */ (event).detail.elt;
    if (swapped instanceof HTMLElement && swapped.id.endsWith('_error')) mark(swapped);
  });
  document.body.addEventListener('htmx:afterSettle', (event) => {
    const { elt, xhr } = /** @type {CustomEvent} */ (event).detail;
    if (xhr?.status >= 400 && elt instanceof HTMLFormElement) focusFirstWrong(elt);
  });
  document.body.addEventListener('htmx:beforeRequest', (event) => {
    if (event.target instanceof HTMLFormElement) giveWay(event.target);
  });
  document.addEventListener('click', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const choice = /** @type {HTMLElement | null} */ (target.closest('[data-fill]'));
    if (choice && !target.closest('form')?.querySelector('input[type=file]')) return;
    if (choice) {
      event.preventDefault(); // following the link would lose the files that are chosen already
      fill(choice);
    }
  });
}

/** A button that moves away while it is held, as a line comes in above it, is pressed all the same. */
export function listenForPresses() {
  /** @type {{button: HTMLElement, x: number, y: number} | null} */
  let held = null;
  document.addEventListener('pointerdown', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const button = /** @type {HTMLElement | null} */ (target.closest('button[type=submit]'));
    held = button && event.isPrimary ? { button, x: event.clientX, y: event.clientY } : null;
  });
  document.addEventListener('pointerup', (event) => {
    if (held && isStill(held, event) && !held.button.contains(/** @type {Node} */ (event.target)))
      held.button.click();
    held = null;
  });
}

/**
 * @param {{x: number, y: number}} start
 * @param {PointerEvent} end
 */
function isStill(start, end) {
  return Math.hypot(end.clientX - start.x, end.clientY - start.y) < STILL;
}

/**
 * Who saves waits for nothing that was judged or previewed while it was typed.
 * @param {HTMLFormElement} form
 */
function giveWay(form) {
  /** @type {NodeListOf<HTMLElement>} */
  const all = document.querySelectorAll('[data-yields]');
  for (const elt of all)
    if (form.contains(elt) || elt.dataset.yields === (form.id || null))
      elt.dispatchEvent(new CustomEvent('htmx:abort', { bubbles: true, detail: { elt } }));
}

/** @param {HTMLElement} line */
function mark(line) {
  const field = document.querySelector(`[aria-describedby~="${line.id}"]`);
  if (line.textContent?.trim()) field?.setAttribute('aria-invalid', 'true');
  else field?.removeAttribute('aria-invalid');
}

/** @param {HTMLFormElement} form */
function focusFirstWrong(form) {
  const wrong = /** @type {HTMLElement | null} */ (form.querySelector('[aria-invalid=true]'));
  wrong?.focus();
}

/** @param {HTMLElement} choice */
function fill(choice) {
  /** @type {Record<string, string>} */
  const values = JSON.parse(choice.dataset.fill ?? '{}');
  for (const [name, value] of Object.entries(values)) {
    const field = choice.closest('form')?.elements.namedItem(name);
    if (field instanceof HTMLInputElement) {
      field.value = value;
      field.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }
  const list = choice.closest('.suggestions');
  if (list) list.textContent = '';
}
