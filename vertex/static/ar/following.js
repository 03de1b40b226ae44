// Follows the recogniser's poses with an A-Frame component, whatever it lays on the print.

import {element, setState, state} from './page.js';
import * as playback from './playback.js';
import {onPose} from './recogniser.js';

/** @typedef {import('./types').Pose} Pose */

const GRACE = 400; // ms without the portrait until it counts as lost
const MOST_PIXELS = 2; // canvas px per CSS px; more costs frames and shows nothing

/** @type {Pose | null} */
let latest = null;

onPose((pose) => {
  if (!document.hidden) latest = pose;
});

/**
 * Makes the overlay follow the print, and begins the scene.
 * @param {(entity: any, pose: Pose) => boolean} lay puts the entity where the pose says; false while
 *   the scene cannot
 */
export function begin(lay) {
  register(lay);
  // A-Frame gives every scene buttons and keys of its own, whatever its markup says.
  const scene = element('scene', HTMLElement);
  scene.setAttribute('xr-mode-ui', 'enabled: false');
  scene.setAttribute('device-orientation-permission-ui', 'enabled: false');
  scene.setAttribute('keyboard-shortcuts', 'enterVR: false');
  const noticeThatNothingIsDrawn = () => {
    if (!(/** @type {any} */ (scene).renderer)) document.dispatchEvent(new Event('cannot-draw'));
  };
  addEventListener('error', noticeThatNothingIsDrawn);
  addEventListener('unhandledrejection', noticeThatNothingIsDrawn);
  element('overlay', HTMLElement).setAttribute('portrait-overlay', '');
  // Else A-Frame waits until every picture of the page is there.
  AFRAME.emitReady();
}

/** @param {(entity: any, pose: Pose) => boolean} lay */
function register(lay) {
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
      document.addEventListener('visibilitychange', () => document.hidden && this.forget());
    },

    /** @param {number} time */
    tick(time) {
      const pose = latest;
      latest = null;
      if (this.drawn) playback.sceneIsDrawn();
      this.drawn = true; // by the time of the next tick
      if (['fallback', 'error'].includes(state())) return this.stop();
      if (pose?.found && lay(this.el, pose)) {
        this.seenAt = time;
        if (!this.el.object3D.visible) this.show();
      } else if (this.el.object3D.visible && time - this.seenAt > GRACE) {
        this.lose('lost');
      }
    },

    /** What was seen before the page was hidden says nothing about what is seen afterwards. */
    forget() {
      latest = null;
      if (state() === 'found') this.lose('scanning');
    },

    /** @param {'lost' | 'scanning'} next */
    lose(next) {
      this.hide();
      playback.pause();
      setState(next);
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
}
