// What the server says about this page.

/** @typedef {import('./types').Config} Config */

const source = document.getElementById('viewer-config');

/** @type {Config} */
export const config = JSON.parse(source?.textContent ?? '{}');

/**
 * An address of the config as one that means the same wherever it is used: modules and Workers take
 * relative ones for relative to themselves.
 * @param {string} address
 */
export function fromPage(address) {
  return new URL(address, document.baseURI).href;
}
