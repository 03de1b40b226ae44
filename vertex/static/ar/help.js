// Ways on when the camera cannot be used: out of an app's browser, by a copied link, by another phone.

import {appOf, wayOut} from './apps.js';
import {system} from './checks.js';
import {config} from './config.js';
import {element, say} from './page.js';

const app = appOf(navigator.userAgent);
if (app) document.body.dataset.app = app;

const leave = element('leave', HTMLAnchorElement);
const out = app ? wayOut(location.href, system(), app) : '';
leave.hidden = !out;
if (out) leave.href = out;

element('copy', HTMLButtonElement).addEventListener('click', async () => {
  const field = element('address', HTMLInputElement);
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select(); // apps that refuse the clipboard let people copy by hand
    document.execCommand('copy');
  }
  say(config.texts['copied']);
});
const {origin, pathname} = location;
element('address', HTMLInputElement).value = origin + pathname;
