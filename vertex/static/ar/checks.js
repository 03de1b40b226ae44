// What this phone and browser can do, found out before anybody taps.

import {appOf} from './apps.js';

/** The kind of phone, by which the steps to allow the camera differ. */
export function system() {
  const agent = navigator.userAgent;
  if (/Android/.test(agent)) return 'android';
  // an iPad says that it is a Mac, and has fingers
  const isPad = /Macintosh/.test(agent) && navigator.maxTouchPoints > 1;
  return isPad || /iPhone|iPad|iPod/.test(agent) ? 'ios' : 'desk';
}

/** Why the camera is of no use here, as a word for data-reason, or ''; known at once. */
export function obstacle() {
  if (!window.isSecureContext) return 'insecure';
  if (typeof WebAssembly !== 'object') return 'no-wasm';
  if (!('WebGL2RenderingContext' in window)) return 'no-webgl';
  if (appOf(navigator.userAgent)) return 'in-app';
  if (!navigator.mediaDevices?.getUserMedia) return 'camera-missing';
  if (!navigator.onLine && !navigator.serviceWorker?.controller) return 'offline';
  return '';
}

/** Why there is no camera, missing or refused before, without asking for it; else ''. */
export function camera() {
  return look().catch(() => '');
}

async function look() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  if (!devices.some(({kind}) => kind === 'videoinput')) return 'camera-missing';
  const name = /** @type {PermissionName} */ ('camera');
  const permission = await navigator.permissions?.query({name});
  return permission?.state === 'denied' ? 'camera-denied' : '';
}
