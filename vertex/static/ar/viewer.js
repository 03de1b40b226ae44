// Lays the video on the print: an A-Frame component that follows the recogniser's poses.

import {config} from './config.js';
import {coverCrop, overlayMatrix} from './matrix.js';
import {element, setState, state} from './page.js';
import * as playback from './playback.js';
import {onPose} from './recogniser.js';

/** @typedef {import('./types').Pose} Pose */

const GRACE = 400; // ms without the portrait until it counts as lost
const MOST_PIXELS = 2; // canvas px per CSS px; more costs frames and shows nothing

const camera = element('camera', HTMLVideoElement);
/** @type {Pose | null} */
let latest = null;

onPose((pose) => {
  latest = pose;
});

AFRAME.registerComponent('portrait-overlay', {
  init() {
    this.seenAt = -Infinity;
    this.el.object3D.visible = false;
    this.el.object3D.matrixAutoUpdate = false;
    this.el.sceneEl.addEventListener('loaded', () => {
      const {renderer} = this.el.sceneEl;
      // Setting it makes the canvas anew, which waits for the graphics process.
      if (renderer.getPixelRatio() > MOST_PIXELS) renderer.setPixelRatio(MOST_PIXELS);
    });
  },

  /** @param {number} time */
  tick(time) {
    const pose = latest;
    latest = null;
    if (this.drawn) playback.sceneIsDrawn();
    this.drawn = true; // by the time of the next tick
    if (['fallback', 'error'].includes(state())) return this.stop();
    if (pose?.found && this.lay(pose)) {
      this.seenAt = time;
      if (!this.el.object3D.visible) this.show();
    } else if (this.el.object3D.visible && time - this.seenAt > GRACE) {
      this.hide();
      playback.pause();
      setState('lost');
    }
  },

  /**
   * Puts the plane where the pose says; false while the scene cannot.
   * @param {Pose} pose
   */
  lay(pose) {
    const {camera: eye, canvas} = this.el.sceneEl;
    const plane = this.el.getObject3D('mesh');
    // the page's marker holds one portrait
    const [seen] = pose.portraits;
    if (!eye || !plane || !seen || !camera.videoWidth) return false;
    const {object3D} = this.el;
    plane.frustumCulled = false; // three would judge by a bounding sphere that our matrix distorts
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
  },

  show() {
    this.el.object3D.visible = true;
    this.el.emit('targetFound');
    setState('found');
    playback.play().catch(() => {
      playback.showControls();
      setState('error', 'video');
    });
  },

  /** Nothing is drawn any more: the page plays the video by itself. */
  stop() {
    this.hide();
    this.el.sceneEl.renderer?.setAnimationLoop(null);
  },

  hide() {
    if (!this.el.object3D.visible) return;
    this.el.object3D.visible = false;
    this.el.emit('targetLost');
  },
});

// A-Frame gives every scene buttons and keys of its own, whatever its markup says.
const scene = element('scene', HTMLElement);
scene.setAttribute('xr-mode-ui', 'enabled: false');
scene.setAttribute('device-orientation-permission-ui', 'enabled: false');
scene.setAttribute('keyboard-shortcuts', 'enterVR: false');

function noticeThatNothingIsDrawn() {
  if (!(/** @type {any} */ (scene).renderer)) document.dispatchEvent(new Event('cannot-draw'));
}
addEventListener('error', noticeThatNothingIsDrawn);
addEventListener('unhandledrejection', noticeThatNothingIsDrawn);

const overlay = element('overlay', HTMLElement);
if (config.video) {
  const {repeat, offset} = coverCrop(config.portrait, config.video);
  overlay.setAttribute(
    'material',
    `shader: flat; src: #portrait-video; repeat: ${repeat.x} ${repeat.y}; ` +
      `offset: ${offset.x} ${offset.y}`,
  );
}
overlay.setAttribute('portrait-overlay', '');
// Else A-Frame waits until every picture of the page is there.
AFRAME.emitReady();
