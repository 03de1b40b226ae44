// Follows the recogniser's poses with an A-Frame component, whatever it lays on the print.

import * as looking from './looking.js';
import {element, onState, setState, state} from './page.js';
import * as playback from './playback.js';
import {onPose, setPace} from './recogniser.js';
import * as showing from './showing.js';
import {Stillness} from './stillness.js';

/** @typedef {import('./types').Pose} Pose */
/** @typedef {import('./types').Seen} Seen */

const GRACE = 400; // ms without the portrait until it counts as lost
const FADE = 160; // ms in which the picture comes, and goes at the end of the grace
const MOST_PIXELS = 2; // canvas px per CSS px; more costs frames and shows nothing
// The recogniser may see the first pictures before the screen shows them: what is found while the
// camera starts is shown when it has.
const GONE = ['checking', 'ready', 'starting', 'error'];

/** @type {Pose | null} */
let latest = null;

onPose((pose) => {
  if (!document.hidden) latest = pose;
});

/**
 * Makes the overlay follow the print, and begins the scene.
 * @param {(entity: any, seen: Seen, pose: Pose) => boolean} lay puts the entity where the portrait is
 *   seen; false while the scene cannot
 * @param {(entity: any, fade: number) => void} draw is asked for each picture
 */
export function begin(lay, draw) {
  register(lay, draw);
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

/** Whether the camera's picture may still bring the print to life. */
function isLooked() {
  if (state() === 'fallback') return document.body.dataset.reason === 'not-found' && looking.lasts();
  return !GONE.includes(state());
}

/**
 * The portrait that is shown, if it is seen, else the largest of those that are.
 * @param {Pose} pose
 */
function chosen({portraits}) {
  const size = (/** @type {Seen} */ {homography: h}) => Math.abs(h[0] * h[4] - h[1] * h[3]);
  const same = portraits.find(({index}) => index === showing.place());
  return same ?? [...portraits].sort((a, b) => size(b) - size(a))[0];
}

/**
 * @param {(entity: any, seen: Seen, pose: Pose) => boolean} lay
 * @param {(entity: any, fade: number) => void} draw
 */
function register(lay, draw) {
  AFRAME.registerComponent('portrait-overlay', {
    init() {
      this.seenAt = -Infinity;
      this.shownAt = 0;
      this.stillness = new Stillness(setPace);
      this.el.object3D.visible = false;
      this.el.object3D.matrixAutoUpdate = false;
      this.el.sceneEl.addEventListener('loaded', () => {
        const {renderer} = this.el.sceneEl;
        // Setting it makes the canvas anew, which waits for the graphics process.
        if (renderer.getPixelRatio() > MOST_PIXELS) renderer.setPixelRatio(MOST_PIXELS);
      });
      document.addEventListener('visibilitychange', () => document.hidden && this.forget());
      onState(() => this.goOn());
    },

    /** Draws on, until there is nothing to be drawn. */
    goOn() {
      const {renderer, render} = this.el.sceneEl;
      if (this.rests) renderer.setAnimationLoop(render);
      this.rests = false;
    },

    rest() {
      this.rests = true;
      this.el.sceneEl.renderer.setAnimationLoop(null);
    },

    /** @param {number} time */
    tick(time) {
      const pose = latest;
      latest = null;
      if (!isLooked()) this.hide();
      if (this.drawn) playback.sceneIsDrawn();
      if (this.drawn && !isLooked()) return this.rest();
      this.drawn = true; // by the time of the next tick
      if (!isLooked()) return;
      if (pose?.found && this.see(pose)) {
        this.seenAt = time;
        if (!this.el.object3D.visible) this.show(time);
      } else if (this.el.object3D.visible && time - this.seenAt > GRACE) {
        this.lose('lost');
      }
      if (!playback.hasPicture()) this.shownAt = time; // what is not there yet cannot fade in
      if (this.el.object3D.visible) draw(this.el, this.fade(time));
    },

    /** @param {Pose} pose */
    see(pose) {
      const seen = chosen(pose);
      if (!seen || !showing.portraits[seen.index]) return false;
      this.stillness.note(pose, seen);
      if (seen.index !== showing.place()) {
        if (this.el.object3D.visible) this.lose('lost');
        showing.show(seen.index);
      }
      return lay(this.el, seen, pose);
    },

    /** @param {number} time */
    fade(time) {
      if (matchMedia('(prefers-reduced-motion: reduce)').matches) return 1;
      const coming = (time - this.shownAt) / FADE;
      const going = (GRACE - (time - this.seenAt)) / FADE;
      return Math.max(0, Math.min(1, coming, going));
    },

    /** What was seen before the page was hidden says nothing about what is seen afterwards. */
    forget() {
      latest = null;
      if (['found', 'ended'].includes(state())) this.lose('scanning');
    },

    /** @param {'lost' | 'scanning'} next */
    lose(next) {
      this.hide();
      playback.pause();
      setState(next);
    },

    /** @param {number} time */
    show(time) {
      this.el.object3D.visible = true;
      this.shownAt = time;
      this.el.emit('targetFound');
      setState('found');
      playback.play().catch(() => playback.fail());
    },

    hide() {
      if (!this.el.object3D.visible) return;
      this.stillness.forget();
      this.el.object3D.visible = false;
      this.el.emit('targetLost');
    },
  });
}
