// MindAR makes its markers in the browser.
import {Compiler} from '/mindar/mindar-image.prod.js';

window.compile = async (picture) => {
  const image = new Image();
  image.src = `/pictures/${picture}.jpg`;
  await image.decode();
  const began = performance.now();
  const compiler = new Compiler();
  await compiler.compileImageTargets([image], () => {});
  const marker = await compiler.exportData();
  const ms = performance.now() - began;
  await fetch(`/markers/${picture}.mind`, {method: 'POST', body: marker});
  return {ms, bytes: marker.byteLength};
};
