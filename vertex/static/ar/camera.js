// The camera: opened by the tap, shown over the whole screen without distortion.

import {element} from './page.js';

export const video = element('camera', HTMLVideoElement);

const REMEMBERED = 'vertex-camera'; // for this visit: the camera that worked

/** @type {Record<string, string>} */
const REASONS = {
  NotAllowedError: 'camera-denied',
  SecurityError: 'camera-denied',
  NotFoundError: 'camera-missing',
  OverconstrainedError: 'camera-missing',
  NotReadableError: 'camera-busy',
  AbortError: 'camera-busy',
  TimeoutError: 'camera-busy',
};

/**
 * Why the camera could not be opened, as a word for data-reason.
 * @param {unknown} error
 */
export function reasonOf(error) {
  return REASONS[error instanceof DOMException ? error.name : ''] ?? 'camera-missing';
}

/**
 * Opens the camera that worked before, else the rear one; asking for width and height both would make
 * Chromium crop the picture.
 */
export async function open() {
  if (!window.isSecureContext || !navigator.mediaDevices) {
    throw new DOMException('', 'NotFoundError');
  }
  const deviceId = remembered();
  if (deviceId) {
    try {
      return await ask({deviceId: {exact: deviceId}});
    } catch (error) {
      if (reasonOf(error) === 'camera-denied') throw error;
      remember(''); // it is another phone's, was renamed, or somebody else has it
    }
  }
  return ask({facingMode: 'environment'});
}

/** Whether the camera may be used, and nobody will be asked. */
export async function isAllowed() {
  try {
    const name = /** @type {PermissionName} */ ('camera');
    return (await navigator.permissions.query({name})).state === 'granted';
  } catch {
    return false; // some browsers do not tell
  }
}

/** @param {MediaTrackConstraints} which */
function ask(which) {
  return navigator.mediaDevices.getUserMedia({
    audio: false,
    video: {...which, width: {ideal: 1280}},
  });
}

function remembered() {
  try {
    return sessionStorage.getItem(REMEMBERED) ?? '';
  } catch {
    return ''; // some browsers refuse to remember anything
  }
}

/** @param {string} deviceId */
export function remember(deviceId) {
  try {
    sessionStorage.setItem(REMEMBERED, deviceId);
  } catch {
    // then the rear camera is asked for again
  }
}

/** The cameras of this phone, in its order. */
export async function all() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter(({kind, deviceId}) => kind === 'videoinput' && deviceId);
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

/** Whether the camera has sent a picture. */
export function hasPicture() {
  return video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
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
