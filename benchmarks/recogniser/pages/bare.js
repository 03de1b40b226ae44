// The least that any contestant needs: a camera frame is shown, and A-Frame draws.
'use strict';

const camera = document.querySelector('#camera');
const seen = navigator.mediaDevices
  .getUserMedia({audio: false, video: {facingMode: 'environment', width: {ideal: 1280}}})
  .then(async (stream) => {
    camera.srcObject = stream;
    camera.play();
    await new Promise((done) => camera.requestVideoFrameCallback(done));
  });
const drawn = new Promise((done) => document.addEventListener('renderstart', done, true));
Promise.all([seen, drawn]).then(() => (bench.found = performance.now()));
