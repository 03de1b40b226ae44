// The scene that draws on the print: A-Frame and what lays the video, fetched when it is wanted.

import {config, fromPage} from './config.js';

/** @type {Promise<void> | null} */
let loading = null;

/** Fetches and starts the scene, once. */
export function load() {
  loading ??= begin();
  loading.catch(() => document.dispatchEvent(new Event('cannot-draw')));
}

async function begin() {
  await new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = config.aframe;
    script.onload = resolve;
    script.onerror = () => reject(new Error('aframe'));
    document.head.append(script);
  });
  await import(fromPage(config.scene));
}
