// Keeps what a second scan needs, so that it starts without fetching it again: scripts and styles of
// this release, the studio's logo and colours, and of each code its page, marker and photos, as far
// as the answers allow it (X-Vertex-Keep). A film only where its answer and its page's allow that.
//
// In:  {type: 'keep', urls, named}  from a page that works: it used these, and names those too;
//                                   what else was kept of its code goes
//      {type: 'film', url}          from a page on which this has been watched
// Out: {type: 'gone'}               to a page shown as it was kept: it may not be seen any more
'use strict';

const SHARED = 'vertex-shared';
const MOST_CODES = 30; // the oldest go
const MOST_FILMS = 6;
const SLOW = 3000; // ms for a page, until the one that was kept is shown
const KEEP = 'X-Vertex-Keep';
const CLOSED = [403, 404, 410];

const worker = /** @type {any} */ (self);

/** @param {string} url */
const codeOf = (url) => new URL(url).pathname.match(/^\/v\/([0-9A-Z]{10})(?:\/|$)/)?.[1] ?? '';

/** @param {string} url of a page itself */
const isPage = (url) => /^\/v\/[0-9A-Z]{10}$/.test(new URL(url).pathname);

/** @param {string} url */
const isFilm = (url) => /^\/v\/[0-9A-Z]{10}\/video\//.test(new URL(url).pathname);

/** @param {string} url */
const releaseOf = (url) => new URL(url).pathname.match(/^\/(?:static|v)\/r\/([0-9a-f]+)\//)?.[1] ?? '';

/** @param {string} url of logo or colours */
const isStudio = (url) => new URL(url).pathname.startsWith('/v/studio/');

/** @param {string} code */
const nameOf = (code) => `vertex-code-${code}`;

/** @param {string} url that names a code */
const boxOf = (url) => caches.open(nameOf(codeOf(url)));

worker.addEventListener('install', (/** @type {any} */ event) => {
  worker.skipWaiting();
  // The last word of a page that is left does not always reach this script, and is lost with it
  // (Chromium): it goes past, where the browser knows how.
  const past = event.addRoutes?.({condition: {requestMethod: 'POST'}, source: 'network'});
  event.waitUntil(Promise.resolve(past).catch(() => {}));
});
worker.addEventListener('activate', (/** @type {any} */ event) => {
  // the page is asked for while this script is still being started
  const early = worker.registration.navigationPreload?.enable();
  event.waitUntil(Promise.all([early, worker.clients.claim()]));
});

worker.addEventListener('message', (/** @type {any} */ event) => {
  const {data, source} = event;
  if (!source || !isPage(source.url)) return;
  if (data?.type === 'keep') event.waitUntil(keepAll(data, source.url));
  if (data?.type === 'film') event.waitUntil(keepFilm(data.url, source.url));
});

/**
 * @param {{urls: string[], named: string[]}} its
 * @param {string} page
 */
async function keepAll({urls, named}, page) {
  const box = await boxOf(page);
  const stays = new Set([...urls, ...named]);
  for (const {url} of await box.keys()) if (!isPage(url) && !stays.has(url)) await box.delete(url);
  for (const url of urls) if (!isFilm(url)) await fetchToKeep(url);
}

/**
 * @param {string} url
 * @param {string} page
 */
async function keepFilm(url, page) {
  const kept = await keptPage(page);
  // most may not be kept: those are not fetched once more
  if (isFilm(url) && kept?.headers.get(KEEP) === 'films') await fetchToKeep(url);
}

/** @param {string} url */
async function fetchToKeep(url) {
  if (new URL(url).origin !== worker.location.origin || (await caches.match(url))) return;
  await fetch(url).then((answer) => keep(url, answer)).catch(() => {}); // the line, or a full disk
}

/**
 * Does with an answer what it says about itself.
 * @param {string} url
 * @param {Response} answer whole, and not needed any more
 */
async function keep(url, answer) {
  const code = codeOf(url);
  if (code && CLOSED.includes(answer.status)) return caches.delete(nameOf(code));
  if (answer.status !== 200 || answer.redirected) return;
  if (releaseOf(url) || isStudio(url)) return keepShared(url, answer);
  if (!code) return;
  const allowed = answer.headers.get(KEEP);
  if (isPage(url)) await obey(url, allowed);
  if (!allowed) return;
  await (await boxOf(url)).put(url, answer);
  await makeRoom(nameOf(code));
}

/**
 * Keeps what pages of all codes use, in place of its last version.
 * @param {string} url
 * @param {Response} answer
 */
async function keepShared(url, answer) {
  // a page of another release is answered too, with what may change
  if (!answer.headers.get('Cache-Control')?.includes('immutable')) return;
  const cache = await caches.open(SHARED);
  for (const {url: kept} of await cache.keys()) if (isOlder(kept, url)) await cache.delete(kept);
  await cache.put(url, answer);
}

/**
 * @param {string} kept
 * @param {string} url
 */
function isOlder(kept, url) {
  if (releaseOf(url)) return releaseOf(kept) !== '' && releaseOf(kept) !== releaseOf(url);
  return new URL(kept).pathname === new URL(url).pathname && kept !== url;
}

/**
 * Forgets what the studio does not allow any more.
 * @param {string} url of a page
 * @param {string | null} allowed
 */
async function obey(url, allowed) {
  if (!allowed) return caches.delete(nameOf(codeOf(url)));
  if (allowed === 'films') return;
  const box = await boxOf(url);
  for (const kept of await box.keys()) if (isFilm(kept.url)) await box.delete(kept);
}

/** @param {string} used just now */
async function makeRoom(used) {
  const names = (await caches.keys()).filter((name) => name.startsWith(nameOf('')) && name !== used);
  const tooMany = Math.max(0, names.length + 1 - MOST_CODES);
  for (const name of names.splice(0, tooMany)) await caches.delete(name);
  const films = [];
  for (const name of [...names, used]) {
    const box = await caches.open(name);
    for (const {url} of await box.keys()) if (isFilm(url)) films.push({box, url});
  }
  for (const {box, url} of films.splice(0, Math.max(0, films.length - MOST_FILMS))) await box.delete(url);
}

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const {request} = event;
  const {url} = request;
  if (request.method !== 'GET' || new URL(url).origin !== worker.location.origin) return;
  if (releaseOf(url) || isStudio(url)) event.respondWith(keptOrFetched(request));
  else if (!codeOf(url)) return;
  else if (request.mode === 'navigate') event.respondWith(isPage(url) ? page(event) : watched(event));
  else if (isFilm(url)) event.respondWith(film(event));
  else if (/\/(marker|photo)\b/.test(url)) event.respondWith(keptOrFetched(request));
  else event.respondWith(watched(event));
});

/** @param {Request} request whose address names its content */
async function keptOrFetched(request) {
  const kept = await caches.match(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  await keep(request.url, answer.clone()).catch(() => {}); // a full disk must not keep the page away
  return answer;
}

/**
 * What is never kept; but that it is gone is heard.
 * @param {any} event
 */
async function watched(event) {
  const answer = (await event.preloadResponse) ?? (await fetch(event.request));
  if (CLOSED.includes(answer.status)) await caches.delete(nameOf(codeOf(event.request.url)));
  return answer;
}

/**
 * The page as it was kept, in this language or another.
 * @param {string} url
 */
async function keptPage(url) {
  if (!(await caches.has(nameOf(codeOf(url))))) return undefined;
  const box = await boxOf(url);
  return (await box.match(url)) ?? (await box.match(url, {ignoreSearch: true}));
}

/**
 * The page as it is now; where the line is dead or slow, or the server, as it was.
 * @param {any} event
 */
async function page(event) {
  const {url} = event.request;
  const kept = await keptPage(url);
  let shown = false;
  const fetched = (async () => {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    const {status} = answer;
    await keep(url, answer.clone()).catch(() => {});
    if (shown && CLOSED.includes(status)) tell(event.resultingClientId);
    return answer;
  })();
  if (!kept) return fetched;
  event.waitUntil(fetched.catch(() => {}));
  const now = fetched.then((answer) => (answer.status < 500 ? answer : kept)).catch(() => kept);
  const late = new Promise((done) => setTimeout(done, SLOW, kept));
  const answer = await Promise.race([now, late]);
  shown = answer === kept;
  return answer;
}

/** @param {string} id of a page */
async function tell(id) {
  (await worker.clients.get(id))?.postMessage({type: 'gone'});
}

/**
 * A kept film in the parts that players ask for; any other comes from the server.
 * @param {any} event
 */
async function film(event) {
  const {request} = event;
  const kept = await caches.match(request.url);
  if (!kept) return watched(event);
  const asked = request.headers.get('Range')?.match(/^bytes=(\d*)-(\d*)$/);
  if (!asked || !(asked[1] || asked[2])) return kept;
  const whole = await kept.blob();
  const first = asked[1] ? Number(asked[1]) : Math.max(0, whole.size - Number(asked[2]));
  const last = asked[1] && asked[2] ? Math.min(Number(asked[2]), whole.size - 1) : whole.size - 1;
  const range = first > last ? `*/${whole.size}` : `${first}-${last}/${whole.size}`;
  const headers = {'Content-Range': `bytes ${range}`, 'Accept-Ranges': 'bytes'};
  if (first > last) return new Response(null, {status: 416, headers});
  const type = kept.headers.get('Content-Type') ?? 'video/mp4';
  return new Response(whole.slice(first, last + 1), {
    status: 206,
    headers: {...headers, 'Content-Type': type, 'Content-Length': String(last - first + 1)},
  });
}
