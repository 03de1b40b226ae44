/** Several portraits with their videos at once: paired, and sent one after the other. */

import { compare, isVideo, pair } from './pairing.js';
import { csrf, send } from './sending.js';
import { text } from './texts.js';
import { fault, SENT_BEFORE } from './uploads.js';

/** @typedef {{ portrait: File, video: File | null, line: HTMLElement, sent: boolean }} Row */
/** @typedef {{ zone: HTMLElement, videos: File[], rows: Row[], busy: boolean }} Batch */

/** Make the place for many files work, if the page has one. */
export function listenForBatches() {
  const zone = /** @type {HTMLElement | null} */ (document.querySelector('[data-batch]'));
  if (!zone) return;
  /** @type {Batch} */
  const batch = { zone, videos: [], rows: [], busy: false };
  zone.hidden = false;
  const input = /** @type {HTMLInputElement} */ (zone.querySelector('input[type=file]'));
  input.addEventListener('change', () => {
    add(batch, [...(input.files ?? [])]);
    input.value = '';
  });
  zone.addEventListener('dragover', (event) => {
    event.preventDefault();
    zone.classList.add('over');
  });
  zone.addEventListener('dragleave', () => zone.classList.remove('over'));
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    zone.classList.remove('over');
    add(batch, [...(event.dataTransfer?.files ?? [])]);
  });
  button(batch)?.addEventListener('click', () => finish(batch, zone.dataset.order ?? ''));
  document.body.addEventListener('htmx:beforeOnLoad', (event) => onSaved(batch, event));
  addEventListener('beforeunload', (event) => {
    if (batch.busy) event.preventDefault();
  });
}

/** @param {Batch} batch */
function button(batch) {
  return /** @type {HTMLButtonElement | null} */ (batch.zone.querySelector('[data-batch-send]'));
}

/** @param {Batch} batch @param {File[]} files */
function add(batch, files) {
  if (batch.busy) return;
  const portraits = [...waiting(batch).map((row) => row.portrait), ...files.filter((f) => !isVideo(f))];
  portraits.sort((a, b) => compare(a.name, b.name));
  batch.videos.push(...files.filter(isVideo));
  for (const row of waiting(batch)) row.line.remove();
  batch.rows = batch.rows.filter((row) => row.sent);
  const free = batch.videos.filter((video) => !batch.rows.some((row) => row.video === video));
  const paired = pair(portraits, free);
  portraits.forEach((portrait, index) => {
    batch.rows.push({ portrait, video: paired[index], line: draw(batch, portrait), sent: false });
  });
  refresh(batch);
}

/** @param {Batch} batch */
function waiting(batch) {
  return batch.rows.filter((row) => !row.sent);
}

/** The line of a portrait. @param {Batch} batch @param {File} portrait */
function draw(batch, portrait) {
  const template = /** @type {HTMLTemplateElement} */ (batch.zone.querySelector('template'));
  const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const line = /** @type {HTMLElement} */ (copy.firstElementChild);
  part(line, 'strong').textContent = portrait.name;
  const image = /** @type {HTMLImageElement} */ (part(line, 'img'));
  image.addEventListener('load', () => URL.revokeObjectURL(image.src));
  image.addEventListener('error', () => image.remove());
  image.src = URL.createObjectURL(portrait);
  const rowOf = () => batch.rows.find((row) => row.line === line);
  part(line, 'select').addEventListener('change', (event) => {
    const row = rowOf();
    const chosen = Number(/** @type {HTMLSelectElement} */ (event.target).value);
    if (row) row.video = batch.videos[chosen] ?? null;
    refresh(batch);
  });
  part(line, 'button').addEventListener('click', () => {
    batch.rows = batch.rows.filter((row) => row.line !== line);
    line.remove();
    refresh(batch);
  });
  part(batch.zone, 'ol').append(line);
  return line;
}

/** Show what is paired with what, and what is wrong with it. @param {Batch} batch */
function refresh(batch) {
  for (const row of waiting(batch)) {
    const list = /** @type {HTMLSelectElement} */ (part(row.line, 'select'));
    const choices = [new Option(text('batchNoVideo'), '-1')];
    choices.push(...batch.videos.map((video, index) => new Option(video.name, String(index))));
    list.replaceChildren(...choices);
    list.value = String(row.video ? batch.videos.indexOf(row.video) : -1);
    say(row, trouble(batch, row));
  }
  const free = batch.videos.filter((video) => !batch.rows.some((row) => row.video === video));
  const rest = part(batch.zone, '.batch-rest');
  rest.textContent = free.length
    ? text('batchUnused', { names: free.map((video) => video.name).join(', ') })
    : '';
  const sender = button(batch);
  if (!sender) return;
  sender.hidden = !batch.zone.dataset.order || waiting(batch).length === 0;
  sender.disabled = batch.busy;
}

/** What is plainly wrong with a pair. @param {Batch} batch @param {Row} row */
function trouble(batch, row) {
  const { maxImage, maxVideo } = batch.zone.dataset;
  const wrong = fault('image', Number(maxImage), row.portrait);
  if (wrong) return wrong;
  if (!row.video) return text('batchNoVideo');
  return fault('video', Number(maxVideo), row.video);
}

/**
 * The order is stored: what belongs to it is sent before its page is shown.
 * @param {Batch} batch @param {Event} event
 */
function onSaved(batch, event) {
  const { elt, xhr } = /** @type {CustomEvent} */ (event).detail;
  const page = xhr.getResponseHeader('HX-Redirect');
  if (!page || !elt.contains(batch.zone) || !waiting(batch).length) return;
  event.preventDefault();
  const submit = elt.querySelector('button[type=submit]');
  submit?.remove();
  finish(batch, page.split('/').at(-1) ?? '');
}

/** Send what can be sent, and go to the order when all is there. @param {Batch} batch @param {string} order */
async function finish(batch, order) {
  if (batch.busy) return;
  batch.busy = true;
  refresh(batch);
  const many = waiting(batch).length > 1;
  for (const row of waiting(batch)) {
    if (trouble(batch, row)) continue;
    try {
      await deliver(batch, row, order, many);
      row.sent = true;
      row.line.classList.add('sent');
      progress(row, null, text('batchDone'));
      for (const control of row.line.querySelectorAll('select, button')) control.remove();
    } catch (error) {
      progress(row, null);
      say(row, error instanceof Error ? error.message : String(error));
    }
  }
  batch.busy = false;
  if (!waiting(batch).length) {
    location.assign(`/orders/${order}`);
    return;
  }
  batch.zone.dataset.order = order;
  leave(batch, order);
}

/** Something could not be sent: it can be tried again, or left. @param {Batch} batch @param {string} order */
function leave(batch, order) {
  const sender = button(batch);
  const troubles = waiting(batch).map((row) => part(row.line, '.wrong').textContent ?? '');
  refresh(batch);
  waiting(batch).forEach((row, index) => say(row, troubles[index]));
  const link = /** @type {HTMLAnchorElement | null} */ (batch.zone.querySelector('[data-batch-leave]'));
  if (link) {
    link.href = `/orders/${order}`;
    link.hidden = false;
  }
  sender?.focus();
}

/** @param {Batch} batch @param {Row} row @param {string} order @param {boolean} many */
async function deliver(batch, row, order, many) {
  const video = /** @type {File} */ (row.video);
  const form = new FormData();
  const total = row.portrait.size + video.size;
  form.append('once', token());
  form.append('order_id', order);
  if (many) form.append('batch', '1'); // whoever brings one portrait comes first
  form.append('portrait', row.portrait);
  say(row, '');
  if (video.size < SENT_BEFORE || !('tus' in window)) {
    form.append('video', video);
    return post(batch, form, (sent) => progress(row, (100 * sent) / total));
  }
  const told = (/** @type {number} */ sent) => progress(row, (100 * sent) / total);
  const paused = (/** @type {boolean} */ waits) => say(row, waits ? text('reconnecting') : '');
  form.append('video_upload', await send(video, batch.zone.dataset.upload ?? '', told, paused));
  return post(batch, form, (sent) => told(video.size + sent));
}

/**
 * Send the form of one portrait as its own page would.
 * @param {Batch} batch @param {FormData} form @param {(sent: number) => void} told
 * @returns {Promise<void>}
 */
function post(batch, form, told) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', batch.zone.dataset.send ?? '');
    const headers = { ...csrf(), 'HX-Request': 'true', 'HX-Target': 'portrait_form' };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', (event) => told(event.loaded));
    request.addEventListener('error', () => reject(new Error(text('notSent'))));
    request.addEventListener('load', () => {
      if (request.getResponseHeader('HX-Redirect')) resolve();
      else reject(new Error(sentences(request.responseText)));
    });
    request.send(form);
  });
}

/** A token of a form that is carried out once; `randomUUID` is for https only. */
function token() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What an answer says went wrong. @param {string} answer */
function sentences(answer) {
  const page = new DOMParser().parseFromString(answer, 'text/html');
  const told = [...page.querySelectorAll('.wrong, .notice-bar p, .toast p')];
  const said = told.map((line) => line.textContent?.trim()).filter(Boolean);
  return said.join(' ') || text('broken');
}

/** @param {Row} row @param {string} sentence */
function say(row, sentence) {
  part(row.line, '.wrong').textContent = sentence;
}

/** @param {Row} row @param {number | null} percent @param {string} words */
function progress(row, percent, words = '') {
  const bar = /** @type {HTMLProgressElement} */ (part(row.line, 'progress'));
  bar.hidden = percent === null;
  bar.value = Math.min(percent ?? 0, 100);
  part(row.line, '.percent').textContent = percent === null ? words : `${Math.floor(bar.value)} %`;
}

/** @param {Element} place @param {string} selector */
function part(place, selector) {
  return /** @type {HTMLElement} */ (place.querySelector(selector));
}
