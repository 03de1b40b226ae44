// A picture of what is seen: the camera's, with the video on it.

import {video as camera} from './camera.js';
import {element} from './page.js';

const MOST = 2; // px per CSS px
const QUALITY = 0.92;

/** Takes it; a JPEG of the screen without the page's own buttons and words. */
export async function take() {
  const scale = Math.min(devicePixelRatio, MOST);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(innerWidth * scale);
  canvas.height = Math.round(innerHeight * scale);
  const pencil = canvas.getContext('2d');
  if (!pencil) throw new Error('no-canvas');
  const {left, top, width, height} = camera.getBoundingClientRect();
  pencil.drawImage(camera, left * scale, top * scale, width * scale, height * scale);
  const {renderer, object3D, camera: eye} = /** @type {any} */ (element('scene', HTMLElement));
  if (renderer) {
    // what has been drawn is gone from the canvas as soon as it is on the screen
    renderer.render(object3D, eye);
    pencil.drawImage(renderer.domElement, 0, 0, canvas.width, canvas.height);
  }
  const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
  if (!blob) throw new Error('no-picture');
  return new File([blob], 'vertex.jpg', {type: 'image/jpeg'});
}

/**
 * Offers it to the phone's apps where that is possible, else saves it; answers how.
 * @param {File} file
 */
export async function pass(file) {
  const data = {files: [file]};
  if (navigator.canShare?.(data)) {
    try {
      await navigator.share(data);
      return 'shared';
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return 'kept';
    }
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return 'saved';
}
