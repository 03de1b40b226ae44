/** The staff pages: small things that HTML and htmx do not do by themselves. */

import { listenForCopying } from './copying.js';
import { listenForDialogs } from './dialogs.js';
import { listenForFields } from './fields.js';
import { listenForPolls } from './polling.js';
import { listenForToasts } from './toasts.js';
import { listenForTroubles } from './troubles.js';
import { listenForUploads } from './uploads.js';

listenForCopying();
listenForDialogs();
listenForFields();
listenForPolls();
listenForToasts();
listenForTroubles();
listenForUploads();
document.body.dataset.scripts = 'ready';
