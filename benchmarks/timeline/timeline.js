// When each thing was there first, beside the marks of recogniser/pages/probe.js.
'use strict';

/** @param {string} name */
const mark = (name) => (bench.marks[name] ??= performance.now());

new PerformanceObserver((list) => {
  for (const {name, startTime} of list.getEntries()) bench.marks[name] ??= startTime;
}).observe({type: 'paint', buffered: true});

// MindAR, and AR.js, as soon as they look for the print
document.addEventListener('arReady', () => mark('scanning'), true);
addEventListener('arjs-nft-loaded', () => mark('scanning'));
// ours, and when its button is there to be tapped
new MutationObserver(() => {
  const {state} = document.body?.dataset ?? {};
  if (state) mark(state);
}).observe(document, {subtree: true, childList: true, attributeFilter: ['data-state']});

for (const name of ['targetFound', 'markerFound'])
  document.addEventListener(
    name,
    () => {
      const film = document.querySelector('#portrait-video, #film');
      film.requestVideoFrameCallback(() => mark('film'));
    },
    {capture: true, once: true},
  );
