// A demonstration: a picture frame that stands up from the print, by the pose in space.

import {video as camera} from './camera.js';
import {dress, finish} from './film.js';
import {begin} from './following.js';
import {poseMatrix, spaceProjection} from './matrix.js';
import {element} from './page.js';
import {hasPicture} from './playback.js';

/** @typedef {import('./types').Pose} Pose */
/** @typedef {import('./types').Seen} Seen */

/**
 * Makes the scene's camera the phone's, and puts the frame on the print.
 * @param {any} entity whose children stand on the print, in widths of it
 * @param {Seen} seen
 * @param {Pose} pose
 */
function lay(entity, seen, pose) {
  const {camera: eye, canvas} = entity.sceneEl;
  if (!eye || !seen.focal || !camera.videoWidth) return false;
  eye.projectionMatrix.fromArray(
    spaceProjection(
      seen.focal,
      pose,
      camera.getBoundingClientRect(),
      canvas.getBoundingClientRect(),
    ),
  );
  eye.projectionMatrixInverse.copy(eye.projectionMatrix).invert();
  const {object3D} = entity;
  object3D.matrix.fromArray(poseMatrix(seen.pose));
  object3D.matrix.premultiply(eye.matrixWorld);
  object3D.matrixWorldNeedsUpdate = true;
  return true;
}

/** @param {any} _entity @param {number} fade */
function draw(_entity, fade) {
  const film = picture.getObject3D('mesh');
  if (!film) return;
  film.visible = hasPicture();
  finish(film, fade);
}

const picture = /** @type {any} */ (element('picture', HTMLElement));
dress(picture);
const overlay = element('overlay', HTMLElement);
const hinge = /** @type {any} */ (element('hinge', HTMLElement));
overlay.addEventListener('targetFound', () => {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) hinge.setAttribute('rotation', '68 0 0');
  else hinge.emit('rise', null, false);
});
begin(lay, draw);
