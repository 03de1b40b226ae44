// The film: which of its sizes is fetched, and how it lies on a plane of the scene.

import {placement} from './matrix.js';
import {current, onChange} from './showing.js';

/** @typedef {import('./types').PortraitOfPage} PortraitOfPage */

const FAST = 3e6; // bit/s; below it the large film would stop and start
const TELLING = 10_000; // bytes from which on a transfer tells how fast the line is

const SOFT = 0.012; // widths of the print over which the edge of the picture fades

/**
 * The address of the film that fits the line.
 * @param {import('./types').Film} film
 */
export function address({url, small}) {
  return small && isSlow() ? small : url;
}

function isSlow() {
  const line = /** @type {any} */ (navigator).connection;
  if (line?.saveData || /2g|3g/.test(line?.effectiveType ?? '')) return true;
  const rate = measuredRate();
  return rate !== null && rate < FAST;
}

/** What this page's own files came with, in bit/s; null if they were here already. */
function measuredRate() {
  const entries = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType('resource'));
  const rates = entries
    .filter((entry) => entry.transferSize > TELLING && entry.responseEnd > entry.responseStart)
    .map((entry) => (8000 * entry.transferSize) / (entry.responseEnd - entry.responseStart));
  return rates.length ? Math.max(...rates) : null;
}

/**
 * Gives a plane the film of the portrait that is shown, and of each that is shown after it.
 * @param {Element} entity
 */
export function dress(entity) {
  const wear = () => {
    const {video, width, height} = current();
    if (!video) return;
    const {repeat, offset} = part(current());
    entity.setAttribute('geometry', `primitive: plane; width: 1; height: ${height / width}`);
    entity.setAttribute(
      'material',
      `shader: flat; src: #portrait-video; repeat: ${repeat.x} ${repeat.y}; ` +
        `offset: ${offset.x} ${offset.y}; transparent: true`,
    );
  };
  wear();
  onChange(wear);
}

/**
 * The part of the film's picture that lies on the plane.
 * @param {PortraitOfPage} portrait
 */
function part({video, ...portrait}) {
  if (!video) return {repeat: {x: 1, y: 1}, offset: {x: 0, y: 0}};
  const {repeat, offset} = placement(video.fit, portrait, video);
  const half = video.packed ? 0.5 : 1;
  return {repeat: {x: half * repeat.x, y: repeat.y}, offset: {x: half * offset.x, y: offset.y}};
}

/**
 * Does what A-Frame's material cannot: borders, soft edges, a fade, and transparency from the right
 * half of the picture.
 * @param {any} plane the mesh of a dressed entity
 * @param {number} fade 0 to 1, how much of it is to be seen
 */
export function finish(plane, fade = 1) {
  const {material} = plane;
  const portrait = current();
  const {video} = portrait;
  if (!video) return;
  material.userData.look ??= look(material);
  const {uniforms} = material.userData.look;
  const {scale} = placement(video.fit, portrait, video);
  const {repeat, offset} = part(portrait);
  plane.scale.set(scale.x, scale.y, 1);
  uniforms.fade.value = fade;
  uniforms.packed.value = video.packed ? 1 : 0;
  uniforms.shown.value = [offset.x, offset.y, repeat.x, repeat.y];
  uniforms.edge.value = [SOFT / scale.x, (SOFT * portrait.width) / portrait.height / scale.y];
}

/** @param {any} material of A-Frame's flat shader */
function look(material) {
  const uniforms = {
    fade: {value: 1},
    packed: {value: 0},
    shown: {value: [0, 0, 1, 1]},
    edge: {value: [SOFT, SOFT]},
  };
  material.onBeforeCompile = (/** @type {any} */ shader) => {
    Object.assign(shader.uniforms, uniforms);
    shader.fragmentShader = shader.fragmentShader
      .replace('void main() {', `${DECLARED}\nvoid main() {`)
      .replace('#include <map_fragment>', `#include <map_fragment>\n${ADDED}`);
  };
  material.needsUpdate = true;
  return {uniforms};
}

const DECLARED = `
uniform float fade;
uniform float packed;
uniform vec4 shown;
uniform vec2 edge;`;

const ADDED = `
vec2 place = (vMapUv - shown.xy) / shown.zw;
vec2 rim = smoothstep(vec2(0.0), edge, min(place, 1.0 - place));
diffuseColor.a *= fade * rim.x * rim.y;
if (packed > 0.5) diffuseColor.a *= texture2D(map, vMapUv + vec2(0.5, 0.0)).g;`;
