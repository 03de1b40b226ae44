// The camera: opened by the tap, shown over the whole screen without distortion.

import {element} from './page.js';

export const video = element('camera', HTMLVideoElement);

/** @type {Record<string, string>} */
const REASONS = {
  NotAllowedError: 'camera-denied',
  SecurityError: 'camera-denied',
  NotFoundError: 'camera-missing',
  OverconstrainedError: 'camera-missing',
  NotReadableError: 'camera-busy',
  AbortError: 'camera-busy',
};

/**
 * Why the camera could not be opened, as a word for data-reason.
 * @param {unknown} error
 */
export function reasonOf(error) {
  return REASONS[error instanceof DOMException ? error.name : ''] ?? 'camera-missing';
}

/** Opens the rear camera; asking for width and height both would make Chromium crop the picture. */
export async function open() {
  if (!window.isSecureContext || !navigator.mediaDevices) {
    throw new DOMException('', 'NotFoundError');
  }
  return navigator.mediaDevices.getUserMedia({
    audio: false,
    video: {facingMode: 'environment', width: {ideal: 1280}},
  });
}

/**
 * Shows the stream.
 * @param {MediaStream} stream
 */
export async function show(stream) {
  if (video.srcObject !== stream) video.srcObject = stream; // else the picture would go black
  await video.play();
  place();
}

/**
 * The element itself is made to cover the screen, overflowing it: its box is then the whole camera
 * frame, for us and for everyone who measures.
 */
function place() {
  const {videoWidth, videoHeight} = video;
  if (!videoWidth || !videoHeight) return;
  const scale = Math.max(innerWidth / videoWidth, innerHeight / videoHeight);
  const width = videoWidth * scale;
  const height = videoHeight * scale;
  Object.assign(video.style, {
    width: `${width}px`,
    height: `${height}px`,
    left: `${(innerWidth - width) / 2}px`,
    top: `${(innerHeight - height) / 2}px`,
  });
}

addEventListener('resize', place);
video.addEventListener('resize', place);
video.addEventListener('loadedmetadata', place);
