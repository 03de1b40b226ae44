// Lays the video on the print.

import {video as camera} from './camera.js';
import {config} from './config.js';
import {begin} from './following.js';
import {coverCrop, overlayMatrix} from './matrix.js';
import {element} from './page.js';
import {hasPicture} from './playback.js';

/** @typedef {import('./types').Pose} Pose */

/**
 * @param {any} entity the plane
 * @param {Pose} pose
 */
function lay(entity, pose) {
  const {camera: eye, canvas} = entity.sceneEl;
  const plane = entity.getObject3D('mesh');
  // the page's marker holds one portrait
  const [seen] = pose.portraits;
  if (!eye || !plane || !seen || !camera.videoWidth) return false;
  const {object3D} = entity;
  plane.frustumCulled = false; // three would judge by a bounding sphere that our matrix distorts
  plane.visible = hasPicture();
  object3D.matrix.fromArray(
    overlayMatrix(
      seen.homography,
      config.portrait,
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

if (config.video) {
  const {repeat, offset} = coverCrop(config.portrait, config.video);
  element('overlay', HTMLElement).setAttribute(
    'material',
    `shader: flat; src: #portrait-video; repeat: ${repeat.x} ${repeat.y}; ` +
      `offset: ${offset.x} ${offset.y}`,
  );
}
begin(lay);
