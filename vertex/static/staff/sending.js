/** Videos sent piece by piece before their form, so that a line that breaks costs nothing. */

import { text } from './texts.js';

const PIECE = 16 * 1024 ** 2; // bytes; proxies that keep a request back keep no more
const PAUSES = [0, 1, 2, 4, 8, 15, 30, 30, 60, 60, 120, 120].map((seconds) => seconds * 1000);

/** @typedef {(sent: number, total: number) => void} Tell */

/**
 * Sends a file and answers with the id of its upload. What an earlier attempt has sent of the same
 * file, perhaps before the page was loaded again, is not sent twice.
 * @param {File} file
 * @param {string} endpoint
 * @param {Tell} progress
 * @param {(waiting: boolean) => void} pause told when the line breaks and when it is back
 * @returns {Promise<string>}
 */
export function send(file, endpoint, progress, pause) {
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(file, {
      endpoint,
      chunkSize: PIECE,
      retryDelays: PAUSES,
      headers: { ...csrf(), Accept: 'application/problem+json' },
      metadata: { filename: file.name },
      removeFingerprintOnSuccess: true,
      onProgress: (/** @type {number} */ sent, /** @type {number} */ total) => {
        pause(false);
        progress(sent, total);
      },
      onShouldRetry: (/** @type {any} */ error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        const again = status === 0 || status >= 500 || [409, 423, 429].includes(status);
        pause(again);
        return again;
      },
      onSuccess: () => resolve(upload.url.split('/').at(-1)),
      onError: (/** @type {any} */ error) => reject(new Error(sentence(error))),
    });
    upload.findPreviousUploads().then((/** @type {any[]} */ earlier) => {
      if (earlier.length) upload.resumeFromPreviousUpload(earlier[0]);
      upload.start();
    }, reject);
  });
}

/** The headers every request of the staff pages has. */
export function csrf() {
  return JSON.parse(document.body.getAttribute('hx-headers') ?? '{}');
}

/** @param {any} error */
function sentence(error) {
  try {
    return JSON.parse(error.originalResponse.getBody()).title;
  } catch {
    return text('notSent');
  }
}
