// Lays the video on the print.

import {video as camera} from './camera.js';
import {dress, finish} from './film.js';
import {begin} from './following.js';
import {overlayMatrix} from './matrix.js';
import {element} from './page.js';
import {hasPicture} from './playback.js';
import {current} from './showing.js';

/** @typedef {import('./types').Pose} Pose */
/** @typedef {import('./types').Seen} Seen */

/**
 * @param {any} entity the plane
 * @param {Seen} seen
 * @param {Pose} pose
 */
function lay(entity, seen, pose) {
  const {camera: eye, canvas} = entity.sceneEl;
  const plane = entity.getObject3D('mesh');
  if (!eye || !plane || !camera.videoWidth) return false;
  const {object3D} = entity;
  plane.frustumCulled = false; // three would judge by a bounding sphere that our matrix distorts
  object3D.matrix.fromArray(
    overlayMatrix(
      seen.homography,
      current(),
      pose,
      camera.getBoundingClientRect(),
      canvas.getBoundingClientRect(),
      eye.projectionMatrix.elements,
    ),
  );
  object3D.matrix.premultiply(eye.matrixWorld);
  object3D.matrixWorldNeedsUpdate = true;
  return true;
}

/** @param {any} entity @param {number} fade */
function draw(entity, fade) {
  const plane = entity.getObject3D('mesh');
  if (!plane) return;
  plane.visible = hasPicture();
  finish(plane, fade);
}

dress(element('overlay', HTMLElement));
begin(lay, draw);
