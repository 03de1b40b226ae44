/** The board: cards are dragged from column to column, or moved by keys. */

/** Let cards be dragged and moved, however often the board is drawn anew. */
export function listenForBoards() {
  document.addEventListener('dragstart', onStart);
  document.addEventListener('dragend', end);
  document.addEventListener('dragover', onOver);
  document.addEventListener('drop', onDrop);
  document.addEventListener('keydown', onKey);
}

/** @param {DragEvent} event */
function onStart(event) {
  const card = cardOf(event.target);
  if (!card || !event.dataTransfer) return;
  card.classList.add('dragged');
  event.dataTransfer.effectAllowed = 'move';
  event.dataTransfer.setData('text/plain', card.id);
}

/** Forget what was dragged. */
function end() {
  for (const marked of document.querySelectorAll('.dragged, .column.over')) {
    marked.classList.remove('dragged', 'over');
  }
}

/** @param {DragEvent} event */
function onOver(event) {
  const column = columnOf(event.target);
  for (const other of document.querySelectorAll('.column.over')) {
    if (other !== column) other.classList.remove('over');
  }
  if (!column || !document.querySelector('.dragged')) return;
  event.preventDefault();
  column.classList.add('over');
}

/** @param {DragEvent} event */
function onDrop(event) {
  const column = columnOf(event.target);
  const card = document.querySelector('.dragged');
  end();
  if (!column || !card) return;
  event.preventDefault();
  if (card.closest('[data-column]') !== column) move(card, column.dataset.column ?? '');
}

/**
 * Send a card's own form, as one of its buttons would.
 * @param {Element} card @param {string} status
 */
function move(card, status) {
  const button = document.createElement('button');
  button.name = 'to';
  button.value = status;
  button.hidden = true;
  card.querySelector('form')?.append(button);
  button.click();
  button.remove();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const card = cardOf(event.target);
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { '[': 'back', ']': 'on' }[event.key];
  if (step) {
    /** @type {HTMLElement | null} */ (card.querySelector(`[data-step=${step}]`))?.click();
  } else {
    const next = neighbour(card, event.key);
    if (!next) return;
    /** @type {HTMLElement | null} */ (next.querySelector('.card-link'))?.focus();
  }
  event.preventDefault();
}

/**
 * The card to which an arrow key leads.
 * @param {HTMLElement} card @param {string} key @returns {Element | null}
 */
function neighbour(card, key) {
  if (key === 'ArrowDown') return card.nextElementSibling;
  if (key === 'ArrowUp') return card.previousElementSibling;
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return null;
  const own = [...(card.parentElement?.children ?? [])].indexOf(card);
  let column = card.closest('[data-column]');
  while (column) {
    column = key === 'ArrowLeft' ? column.previousElementSibling : column.nextElementSibling;
    const cards = column?.querySelectorAll('[data-card]');
    if (cards?.length) return cards[Math.min(own, cards.length - 1)];
  }
  return null;
}

/** @param {EventTarget | null} target */
function cardOf(target) {
  const found = target instanceof Element ? target.closest('[data-card]') : null;
  return /** @type {HTMLElement | null} */ (found);
}

/** @param {EventTarget | null} target */
function columnOf(target) {
  const found = target instanceof Element ? target.closest('[data-column]') : null;
  return /** @type {HTMLElement | null} */ (found);
}
