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

// It listens for its camera only after its controller is there; if the camera was faster, nothing
// is ever recognised. A second hint wakes it.
let waited = 0;
const watch = setInterval(() => {
  const session = document.querySelector('a-scene').systems?.arjs?._arSession;
  const camera = document.querySelector('#arjs-video');
  if (bench.workers) clearInterval(watch);
  else if (session?.arContext?.arController && camera?.videoWidth && ++waited === 4) {
    bench.woken++;
    dispatchEvent(new CustomEvent('arjs-video-loaded', {detail: {component: camera}}));
  }
}, 50);
