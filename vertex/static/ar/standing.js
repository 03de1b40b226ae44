// A demonstration: a picture frame that stands up from the print, by the pose in space.

import {video as camera} from './camera.js';
import {config} from './config.js';
import {begin} from './following.js';
import {coverCrop, poseMatrix, spaceProjection} from './matrix.js';
import {element} from './page.js';
import {hasPicture} from './playback.js';

/** @typedef {import('./types').Pose} Pose */

/**
 * Makes the scene's camera the phone's, and puts the frame on the print.
 * @param {any} entity whose children stand on the print, in widths of it
 * @param {Pose} pose
 */
function lay(entity, pose) {
  const {camera: eye, canvas} = entity.sceneEl;
  const [seen] = pose.portraits;
  if (!eye || !seen?.focal || !camera.videoWidth) return false;
  eye.projectionMatrix.fromArray(
    spaceProjection(
      seen.focal,
      pose,
      camera.getBoundingClientRect(),
      canvas.getBoundingClientRect(),
    ),
  );
  eye.projectionMatrixInverse.copy(eye.projectionMatrix).invert();
  const film = picture.getObject3D('mesh');
  if (film) film.visible = hasPicture();
  const {object3D} = entity;
  object3D.matrix.fromArray(poseMatrix(seen.pose));
  object3D.matrix.premultiply(eye.matrixWorld);
  object3D.matrixWorldNeedsUpdate = true;
  return true;
}

const picture = /** @type {any} */ (element('picture', HTMLElement));
if (config.video) {
  const {repeat, offset} = coverCrop(config.portrait, config.video);
  picture.setAttribute(
    'material',
    `shader: flat; src: #portrait-video; repeat: ${repeat.x} ${repeat.y}; ` +
      `offset: ${offset.x} ${offset.y}`,
  );
}
const overlay = element('overlay', HTMLElement);
const hinge = /** @type {any} */ (element('hinge', HTMLElement));
overlay.addEventListener('targetFound', () => {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) hinge.setAttribute('rotation', '68 0 0');
  else hinge.emit('rise', null, false);
});
begin(lay);
