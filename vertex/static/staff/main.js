/** The staff pages: small things that HTML and htmx do not do by themselves. */

import { listenForBatches } from './batch.js';
import { listenForBoards } from './board.js';
import { listenForColours } from './colours.js';
import { listenForCopying } from './copying.js';
import { listenForDialogs } from './dialogs.js';
import { listenForDrafts } from './drafts.js';
import { listenForFields, listenForPresses } from './fields.js';
import { listenForKeys } from './keys.js';
import { listenForMany } from './many.js';
import { listenForPolls } from './polling.js';
import { listenForTelling } from './telling.js';
import { listenForToasts } from './toasts.js';
import { listenForTroubles } from './troubles.js';
import { listenForUploads } from './uploads.js';

listenForBatches();
listenForBoards();
listenForColours();
listenForCopying();
listenForDialogs();
listenForDrafts();
listenForFields();
listenForPresses();
listenForKeys();
listenForMany();
listenForPolls();
listenForTelling();
listenForToasts();
listenForTroubles();
listenForUploads();
document.body.dataset.scripts = 'ready';
