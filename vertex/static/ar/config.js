// What the server says about this page.

/** @typedef {import('./types').Config} Config */

const source = document.getElementById('viewer-config');

/** @type {Config} */
export const config = JSON.parse(source?.textContent ?? '{}');
