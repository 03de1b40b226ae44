/** Colours: one field for those who write them, one beside it for those who pick them. */

const COLOUR = /^#[0-9a-f]{6}$/i;

/** Show the fields that pick a colour, and keep both alike. */
export function listenForColours() {
  showPickers();
  document.body.addEventListener('htmx:afterSettle', showPickers);
  document.addEventListener('input', (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement)) return;
    const written = document.getElementById(field.dataset.colourOf ?? '');
    if (written instanceof HTMLInputElement) {
      written.value = field.value; // whoever listens hears of the event that bubbles on
    } else {
      const picker = pickerOf(field);
      if (picker && COLOUR.test(field.value.trim())) picker.value = field.value.trim();
    }
  });
}

function showPickers() {
  for (const picker of document.querySelectorAll('[data-colour-of]')) picker.removeAttribute('hidden');
}

/** @param {HTMLInputElement} field */
function pickerOf(field) {
  const picker = field.id && document.querySelector(`[data-colour-of="${field.id}"]`);
  return picker instanceof HTMLInputElement ? picker : null;
}
