/** Drafts: what was typed into a new form is there again when its page is opened again. */

const PREFIX = 'draft:';
const DAYS = 14 * 24 * 3600 * 1000;

/** @typedef {{ at: number, values: Record<string, string> }} Draft */

/** Keep drafts of the forms that ask for it, until they are saved or somebody signs out. */
export function listenForDrafts() {
  forgetOld();
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector('form[data-draft]'));
  if (form) bring(form);
  document.addEventListener('input', keep);
  document.addEventListener('change', keep);
  document.addEventListener('click', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!target.closest('[data-discard]')) return;
    localStorage.removeItem(name());
    location.reload();
  });
  document.body.addEventListener('htmx:afterRequest', (event) => {
    const { elt, xhr } = /** @type {CustomEvent} */ (event).detail;
    const saved = xhr?.getResponseHeader('HX-Redirect');
    if (saved && elt instanceof HTMLElement && elt.matches('form[data-draft]')) {
      localStorage.removeItem(name());
    }
  });
  document.addEventListener('submit', (event) => {
    if (/** @type {HTMLElement} */ (event.target).matches('.leave')) forget(() => true);
  });
}

/** The draft of this very address: the form for another client is another form. */
function name() {
  return `${PREFIX}${location.pathname}${location.search}`;
}

/** @param {Event} event */
function keep(event) {
  const form = /** @type {HTMLElement} */ (event.target).closest('form[data-draft]');
  if (!(form instanceof HTMLFormElement)) return;
  /** @type {Record<string, string>} */
  const values = {};
  for (const field of fields(form)) values[field.name] = field.value;
  localStorage.setItem(name(), JSON.stringify({ at: Date.now(), values }));
}

/** @param {HTMLFormElement} form */
function bring(form) {
  const draft = read(name());
  const given = draft?.values ?? {};
  const differs = fields(form).filter((field) => (given[field.name] ?? field.value) !== field.value);
  if (!differs.length) return;
  for (const field of differs) field.value = given[field.name];
  form.querySelector('.draft-note')?.removeAttribute('hidden');
}

/** @param {HTMLFormElement} form */
function fields(form) {
  const all = [...form.elements].filter(
    (field) =>
      field instanceof HTMLInputElement ||
      field instanceof HTMLTextAreaElement ||
      field instanceof HTMLSelectElement,
  );
  return all.filter((field) => field.name && !['hidden', 'file', 'password'].includes(field.type));
}

/** @param {string} key @returns {Draft | null} */
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/** Forget what nobody came back for. */
function forgetOld() {
  forget((key) => (read(key)?.at ?? 0) < Date.now() - DAYS);
}

/** @param {(key: string) => boolean} which */
function forget(which) {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && which(key)) localStorage.removeItem(key);
  }
}
