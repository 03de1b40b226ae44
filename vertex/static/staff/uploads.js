/** Files: dropped, pasted, browsed for or photographed; judged before they are sent. */

import { send } from './sending.js';
import { text } from './texts.js';
import { warn } from './toasts.js';

const MEGABYTE = 1024 ** 2;
export const SENT_BEFORE = 8 * MEGABYTE; // smaller files go with their form

/** Make the places for files work, wherever they are on the page. */
export function listenForUploads() {
  document.addEventListener('dragover', onDragOver);
  document.addEventListener('dragleave', (event) => zoneOf(event)?.classList.remove('over'));
  document.addEventListener('drop', onDrop);
  document.addEventListener('paste', onPaste);
  document.addEventListener('change', (event) => {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.type === 'file') judge(input);
  });
  document.addEventListener('click', onCamera);
  document.body.addEventListener('htmx:confirm', onConfirm);
  document.body.addEventListener('htmx:configRequest', onConfigure);
  document.body.addEventListener('htmx:beforeRequest', onSend);
  document.body.addEventListener('htmx:xhr:progress', onProgress);
  document.body.addEventListener('htmx:afterRequest', onEnd);
  if (matchMedia('(pointer: coarse)').matches) {
    for (const button of document.querySelectorAll('[data-camera]')) button.removeAttribute('hidden');
  }
}

/** @param {Event} event */
function zoneOf(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  return /** @type {HTMLElement | null} */ (target.closest?.('[data-drop]') ?? null);
}

/** @param {HTMLElement} zone */
function inputOf(zone) {
  return /** @type {HTMLInputElement} */ (zone.querySelector('input[type=file]'));
}

/** @param {DragEvent} event */
function onDragOver(event) {
  const zone = zoneOf(event);
  if (!document.querySelector('[data-drop]')) return;
  event.preventDefault(); // a file dropped beside its place must not replace the page
  zone?.classList.add('over');
}

/** @param {DragEvent} event */
function onDrop(event) {
  const zone = zoneOf(event);
  if (!document.querySelector('[data-drop]')) return;
  event.preventDefault();
  zone?.classList.remove('over');
  const files = event.dataTransfer?.files;
  if (zone && files?.length) take(zone, [...files]);
}

/** @param {ClipboardEvent} event */
function onPaste(event) {
  const file = event.clipboardData?.files[0];
  if (!file) return;
  const kind = file.type.startsWith('video/') ? 'video' : 'image';
  const zone = /** @type {HTMLElement | null} */ (document.querySelector(`[data-drop=${kind}]`));
  if (zone) {
    event.preventDefault();
    take(zone, [file]);
  }
}

/** @param {MouseEvent} event */
function onCamera(event) {
  const button = /** @type {HTMLElement} */ (event.target).closest('[data-camera]');
  const zone = zoneOf(event);
  if (!button || !zone) return;
  const input = inputOf(zone);
  input.setAttribute('capture', 'environment');
  input.click();
  input.removeAttribute('capture');
}

/** @param {HTMLElement} zone @param {File[]} files */
function take(zone, files) {
  if (files.length > 1) {
    say(zone, text('oneFile'));
    return;
  }
  const chosen = new DataTransfer();
  chosen.items.add(files[0]);
  const input = inputOf(zone);
  input.files = chosen.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

/** @param {HTMLInputElement} input */
function judge(input) {
  const zone = /** @type {HTMLElement | null} */ (input.closest('[data-drop]'));
  const file = input.files?.[0];
  if (!zone) return;
  const sent = placeOfUpload(zone);
  if (sent) sent.value = '';
  say(zone, file ? faultIn(zone, file) : '');
  show(zone, file ?? null);
}

/**
 * What is plainly wrong with a file; the server looks closer.
 * @param {string} kind @param {number} limit bytes @param {File} file
 */
export function fault(kind, limit, file) {
  if (kind === 'archive') {
    if (!/\.zip$/i.test(file.name)) return text('archiveKind');
  } else if (file.type && !file.type.startsWith(`${kind}/`)) {
    return text(kind === 'image' ? 'imageKind' : 'videoKind');
  }
  if (file.size <= limit) return '';
  const found = Math.ceil(file.size / MEGABYTE);
  return text('tooLarge', { found, limit: Math.floor(limit / MEGABYTE) });
}

/** @param {HTMLElement} zone @param {File} file */
function faultIn(zone, file) {
  return fault(zone.dataset.drop ?? '', Number(zone.dataset.limit), file);
}

/** @param {HTMLElement} zone @param {string} sentence */
function say(zone, sentence) {
  const line = document.getElementById(zone.dataset.error ?? '');
  if (line) line.textContent = sentence;
  const input = inputOf(zone);
  if (sentence) input.setAttribute('aria-invalid', 'true');
  else input.removeAttribute('aria-invalid');
}

/** @param {HTMLElement} zone @param {File | null} file */
function show(zone, file) {
  const place = /** @type {HTMLElement} */ (zone.querySelector('.drop-show'));
  const name = /** @type {HTMLElement} */ (zone.querySelector('.drop-name'));
  const before = place.firstElementChild;
  if (before instanceof HTMLImageElement || before instanceof HTMLVideoElement) {
    URL.revokeObjectURL(before.src);
  }
  place.replaceChildren();
  zone.classList.toggle('full', file !== null);
  place.hidden = name.hidden = file === null;
  if (!file) return;
  name.textContent = `${file.name}, ${shownSize(file.size)}`;
  if (zone.dataset.drop === 'archive') return;
  const preview = zone.dataset.drop === 'image' ? new Image() : document.createElement('video');
  if (preview instanceof HTMLVideoElement) {
    preview.muted = true;
    preview.preload = 'metadata';
  } else {
    preview.alt = '';
  }
  preview.addEventListener('error', () => preview.remove());
  preview.src = URL.createObjectURL(file);
  place.append(preview);
}

/** @param {number} bytes */
function shownSize(bytes) {
  const megabytes = bytes / MEGABYTE;
  return megabytes < 0.1 ? `${Math.ceil(bytes / 1024)} kB` : `${megabytes.toFixed(1)} MB`;
}

/** @param {Event} event */
function formOf(event) {
  const { elt } = /** @type {CustomEvent} */ (event).detail;
  return elt instanceof HTMLFormElement && 'upload' in elt.dataset ? elt : null;
}

/**
 * The field that names the upload of a zone's file, where files can be sent before their form.
 * @param {HTMLElement} zone
 */
function placeOfUpload(zone) {
  const form = zone.closest('form');
  return /** @type {HTMLInputElement | null} */ (
    form?.querySelector(`input[name=${inputOf(zone).name}_upload]`) ?? null
  );
}

/**
 * A large file is sent before its form, which then goes without it.
 * @param {Event} event
 */
function onConfirm(event) {
  const form = formOf(event);
  const { issueRequest } = /** @type {CustomEvent} */ (event).detail;
  if (!form || !('tus' in window)) return;
  for (const zone of zones(form)) {
    const file = inputOf(zone).files?.[0];
    const place = placeOfUpload(zone);
    if (!place || !file || file.size < SENT_BEFORE || faultIn(zone, file)) continue;
    if (place.value) {
      inputOf(zone).disabled = true;
    } else {
      event.preventDefault();
      sendBefore(form, zone, file, place).then(() => issueRequest(true), () => {});
      return;
    }
  }
}

/** @param {HTMLFormElement} form @param {HTMLElement} zone @param {File} file @param {HTMLInputElement} place */
async function sendBefore(form, zone, file, place) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('button[type=submit]'));
  button.disabled = true;
  progress(zone, 0);
  try {
    place.value = await send(
      file,
      form.dataset.upload ?? '',
      (sent, total) => progress(zone, (100 * sent) / total),
      (waiting) => state(form, text(waiting ? 'reconnecting' : 'saving')),
    );
    inputOf(zone).disabled = true;
  } catch (error) {
    progress(zone, null);
    state(form, '');
    say(zone, error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    button.disabled = false;
  }
}

/**
 * Send nothing that is refused already.
 * @param {Event} event
 */
function onConfigure(event) {
  const form = formOf(event);
  const wrong = form?.querySelector('input[type=file][aria-invalid=true]');
  const input = /** @type {HTMLInputElement | null | undefined} */ (wrong);
  const zone = /** @type {HTMLElement | null | undefined} */ (input?.closest('[data-drop]'));
  const file = input?.files?.[0];
  if (zone && file && faultIn(zone, file)) {
    event.preventDefault();
    input?.focus();
    warn(faultIn(zone, file));
  }
}

/** @param {Event} event */
function onSend(event) {
  const form = formOf(event);
  if (!form) return;
  state(form, text('saving'));
  for (const zone of zones(form)) {
    if (!inputOf(zone).disabled) progress(zone, inputOf(zone).files?.length ? 0 : null);
  }
}

/**
 * Share what was sent among the files, which go one after the other.
 * @param {Event} event
 */
function onProgress(event) {
  const form = formOf(event);
  const { loaded, total } = /** @type {CustomEvent} */ (event).detail;
  if (!form || !total) return;
  const goes = (/** @type {HTMLInputElement} */ input) => input.files?.length && !input.disabled;
  const full = zones(form).filter((zone) => goes(inputOf(zone)));
  const sizes = full.map((zone) => inputOf(zone).files?.[0].size ?? 0);
  let left = loaded - (total - sizes.reduce((sum, size) => sum + size, 0));
  full.forEach((zone, index) => {
    const sent = Math.min(Math.max(left, 0), sizes[index]);
    progress(zone, sizes[index] ? (100 * sent) / sizes[index] : 100);
    left -= sizes[index];
  });
  if (loaded >= total) state(form, text('checking'));
}

/** @param {Event} event */
function onEnd(event) {
  const form = formOf(event);
  const { xhr } = /** @type {CustomEvent} */ (event).detail;
  if (!form || xhr.getResponseHeader('HX-Redirect')) return;
  // the places for files outlive the form they were in
  for (const zone of document.querySelectorAll('[data-drop]')) {
    progress(/** @type {HTMLElement} */ (zone), null);
    const input = inputOf(/** @type {HTMLElement} */ (zone));
    input.disabled = false;
    const line = document.getElementById(/** @type {HTMLElement} */ (zone).dataset.error ?? '');
    if (line?.textContent) input.setAttribute('aria-invalid', 'true');
  }
  for (const place of document.querySelectorAll('.upload-state')) place.textContent = '';
}

/** @param {HTMLFormElement} form @returns {HTMLElement[]} */
function zones(form) {
  return [...form.querySelectorAll('[data-drop]')].map((zone) => /** @type {HTMLElement} */ (zone));
}

/** @param {HTMLElement} zone @param {number | null} percent */
function progress(zone, percent) {
  const bar = /** @type {HTMLProgressElement} */ (zone.querySelector('progress'));
  const words = /** @type {HTMLElement} */ (zone.querySelector('.percent'));
  bar.hidden = words.hidden = percent === null;
  bar.value = percent ?? 0;
  words.textContent = `${Math.floor(percent ?? 0)} %`;
}

/** @param {HTMLFormElement} form @param {string} sentence */
function state(form, sentence) {
  const place = form.querySelector('.upload-state');
  if (place) place.textContent = sentence;
}
