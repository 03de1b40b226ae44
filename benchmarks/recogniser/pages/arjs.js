// What a page with AR.js has to do itself: give the overlay the print's size, in millimetres from
// its lower left corner, and wake the tracker when the camera was there first.
'use strict';

addEventListener('arjs-nft-init-data', ({detail: {width, height, dpi}}) => {
  const [w, h] = [(width / dpi) * 25.4, (height / dpi) * 25.4];
  const overlay = document.querySelector('#overlay');
  for (const [name, value] of Object.entries({width: w, height: h, position: `${w / 2} 0 ${-h / 2}`}))
    overlay.setAttribute(name, value);
});
document.addEventListener('markerFound', () => document.querySelector('#film').play(), true);

// Its tracker listens for the camera only after its controller is there; if the camera was faster,
// it is never initialised and nothing is ever recognised. The same event once more wakes it.
let camera = null;
addEventListener('arjs-video-loaded', ({detail}) => (camera = detail.component));
const watch = setInterval(() => {
  if (bench.marks.init) clearInterval(watch);
  else if (camera && bench.workers) {
    bench.woken++;
    dispatchEvent(new CustomEvent('arjs-video-loaded', {detail: {component: camera}}));
  }
}, 20);
