// The time of one frame in a Worker: searched from scratch, and followed from the last one.
'use strict';

/** @param {string} url */
const bytes = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());

onmessage = async ({data: {wasm, marker, frames, width, height, rounds}}) => {
  const {instance} = await WebAssembly.instantiate(await bytes(wasm), {});
  const core = instance.exports;
  const file = await bytes(marker);
  new Uint8Array(core.memory.buffer, core.marker_buffer(), file.length).set(file);
  if (core.load_marker(file.length) !== 0) throw new Error('the marker was refused');
  const all = await bytes(frames);
  const area = width * height;
  const buffer = new Uint8Array(core.memory.buffer, core.frame_buffer(), area);
  const times = {search: [], follow: []};
  let found = 0;
  const look = (frame, kind) => {
    buffer.set(all.subarray(frame * area, (frame + 1) * area));
    if (kind === 'search') core.reset();
    const began = performance.now();
    found += core.find(width, height) > 0;
    times[kind].push(performance.now() - began);
  };
  for (let round = 0; round < rounds; round++)
    for (const kind of ['search', 'follow'])
      for (let frame = 0; frame < all.length / area; frame++) look(frame, kind);
  postMessage({...times, found, memory: core.memory.buffer.byteLength});
};
