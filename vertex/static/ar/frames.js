// How camera frames reach the Worker: by the direct path where the browser has one, else by the way
// of ways.js that is fastest here, found out by trying.

const SILENCE = 3; // seconds in which the camera moved and nothing came by the direct path

/**
 * What is known of the way in use, for whoever wants to tell: the cost of each, and of the last
 * frames how long they took to reach the core and kept this thread busy, ms.
 */
export const report = {
  way: '',
  costs: /** @type {Record<string, number>} */ ({}),
  reach: /** @type {number[]} */ ([]),
  busy: /** @type {number[]} */ ([]),
};

/** Every how many frames the camera is looked through; worker.js heeds it on the direct paths. */
export const pace = {every: 1};

/** @type {Set<Function>} direct paths that are of no use here */
const abandoned = new Set();
/** @type {import('./pump.js').Pump | null} kept, as it has learned which way is cheapest */
let pump = null;

/**
 * Lets the Worker see every frame of the camera, until told to stop.
 * @param {Worker} worker
 * @param {Promise<unknown>} ready settles when the Worker can look at frames
 * @param {MediaStreamTrack} track
 * @param {HTMLVideoElement} camera
 * @param {AbortSignal} signal
 */
export async function follow(worker, ready, track, camera, signal) {
  for (const direct of [windowStream, workerTrack]) {
    if (abandoned.has(direct) || !direct(worker, track)) continue;
    report.way = direct.name;
    const silent = await staysSilent(worker, ready, track, camera, signal);
    if (!silent) return;
    abandoned.add(direct);
  }
  await ready;
  if (signal.aborted) return;
  // fetched where it is needed: most browsers have a direct path
  const {Pump} = await import('./pump.js');
  if (signal.aborted) return;
  pump ??= new Pump(worker, camera);
  pump.start(track, signal);
}

/**
 * Chromium: the frames as a stream, which is handed to the Worker.
 * @param {Worker} worker
 * @param {MediaStreamTrack} track
 */
function windowStream(worker, track) {
  if (!window.MediaStreamTrackProcessor) return false;
  try {
    const {readable} = new window.MediaStreamTrackProcessor({track, maxBufferSize: 1});
    worker.postMessage({type: 'stream', readable}, [readable]);
    return true;
  } catch {
    return false;
  }
}

/**
 * Safari: the stream is made in the Worker, of a track that is handed over.
 * @param {Worker} worker
 * @param {MediaStreamTrack} track
 */
function workerTrack(worker, track) {
  const copy = track.clone(); // what is handed over is lost to the page, which shows the camera too
  try {
    worker.postMessage({type: 'track', track: copy}, [/** @type {any} */ (copy)]);
    return true;
  } catch {
    copy.stop();
    return false;
  }
}

/**
 * Waits until a direct path is known to be of no use: the Worker refuses it, or says nothing while
 * the camera moves. False when the camera has ended, or nobody looks any more.
 * @param {Worker} worker
 * @param {Promise<unknown>} ready
 * @param {MediaStreamTrack} track
 * @param {HTMLVideoElement} camera
 * @param {AbortSignal} signal
 */
async function staysSilent(worker, ready, track, camera, signal) {
  let heard = 0;
  let refused = false;
  /** @param {MessageEvent} event */
  const listen = ({data}) => {
    if (data.type === 'pose') heard++;
    if (data.type === 'refused' || data.type === 'failed') refused = true;
    if (refused) wake();
  };
  let wake = () => {};
  worker.addEventListener('message', listen, {signal});
  let isReady = false;
  ready.then(() => (isReady = true)).catch(() => {});
  for (let silence = 0; silence < SILENCE && !refused; ) {
    const [seen, before] = [heard, camera.currentTime];
    await new Promise((done) => {
      wake = () => done(0);
      setTimeout(done, 1000);
    });
    if (signal.aborted || track.readyState === 'ended') return false;
    const moved = isReady && camera.currentTime > before;
    if (heard > seen) silence = 0;
    else if (moved) silence++;
  }
  worker.removeEventListener('message', listen);
  worker.postMessage({type: 'rest'});
  return true;
}
