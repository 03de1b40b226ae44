// From a homography to the matrix that lays a plane on the print.

/** @typedef {import('./types').Pose} Pose */
/** @typedef {import('./types').Box} Box */

const NEAR = 0.05; // widths of the print
const FAR = 100;

/**
 * The column-major 4x4 matrix of a plane one unit wide, centred at its origin, so that a camera at
 * the origin with this projection draws it exactly where the homography sees the portrait.
 *
 * A plane's depth is free, so no projective matrix is needed: each of its axes and its origin has an
 * image (X, Y, w) in clip coordinates, and (X / P00, Y / P11, -w) is a point that projects there.
 *
 * @param {Float64Array} h portrait px -> frame px, row by row
 * @param {{width: number, height: number}} portrait px
 * @param {{width: number, height: number}} frame px
 * @param {Box} video where the camera frame lies on the screen, CSS px
 * @param {Box} canvas where the scene is drawn, CSS px
 * @param {ArrayLike<number>} projection of the scene's camera, column-major
 * @returns {number[]}
 */
export function overlayMatrix(h, portrait, frame, video, canvas, projection) {
  const scaleX = (2 * video.width) / frame.width / canvas.width;
  const scaleY = (-2 * video.height) / frame.height / canvas.height;
  const shiftX = (2 * (video.left - canvas.left)) / canvas.width - 1;
  const shiftY = 1 - (2 * (video.top - canvas.top)) / canvas.height;

  /** @param {number} x @param {number} y @param {number} one */
  const point = (x, y, one) => {
    const w = h[6] * x + h[7] * y + h[8] * one;
    const clipX = scaleX * (h[0] * x + h[1] * y + h[2] * one) + shiftX * w;
    const clipY = scaleY * (h[3] * x + h[4] * y + h[5] * one) + shiftY * w;
    return [
      (clipX + projection[8] * w) / projection[0],
      (clipY + projection[9] * w) / projection[5],
      -w,
    ];
  };
  const across = point(portrait.width, 0, 0); // one unit right is the portrait's width
  const up = point(0, -portrait.width, 0);
  const centre = point(portrait.width / 2, portrait.height / 2, 1);
  const unit = Math.hypot(...across);
  const [a, b, c] = [across, up, centre].map((column) => column.map((value) => value / unit));
  const normal = [
    a[1] * b[2] - a[2] * b[1],
    a[2] * b[0] - a[0] * b[2],
    a[0] * b[1] - a[1] * b[0],
  ];
  const length = Math.hypot(...normal);
  const n = normal.map((value) => value / length);
  return [...a, 0, ...b, 0, ...n, 0, ...c, 1];
}

/**
 * The column-major projection of a camera that sees the scene as the phone's camera sees the world.
 *
 * @param {number} focal px of the frame
 * @param {{width: number, height: number}} frame px; the principal point is in its middle
 * @param {Box} video where the camera frame lies on the screen, CSS px
 * @param {Box} canvas where the scene is drawn, CSS px
 * @returns {number[]}
 */
export function spaceProjection(focal, frame, video, canvas) {
  const acrossFocal = (2 * focal * video.width) / frame.width / canvas.width;
  const upFocal = (2 * focal * video.height) / frame.height / canvas.height;
  const middleX = (2 * (video.left + video.width / 2 - canvas.left)) / canvas.width - 1;
  const middleY = 1 - (2 * (video.top + video.height / 2 - canvas.top)) / canvas.height;
  const depth = (FAR + NEAR) / (NEAR - FAR);
  const shift = (2 * FAR * NEAR) / (NEAR - FAR);
  return [
    ...[acrossFocal, 0, 0, 0],
    ...[0, upFocal, 0, 0],
    ...[-middleX, -middleY, depth, -1],
    ...[0, 0, shift, 0],
  ];
}

/**
 * A pose, 3x4 row by row, as a column-major 4x4 matrix.
 * @param {ArrayLike<number>} p
 */
export function poseMatrix(p) {
  return [0, 1, 2, 3].flatMap((column) => [
    ...[p[column], p[4 + column], p[8 + column]],
    column === 3 ? 1 : 0,
  ]);
}

/**
 * How a film of one shape lies on a portrait of another: the part of its picture that is shown, from
 * the lower left, and the share of the plane that it covers.
 * @param {'exact' | 'contain' | 'cover'} fit
 * @param {{width: number, height: number}} portrait
 * @param {{width: number, height: number}} film
 */
export function placement(fit, portrait, film) {
  const whole = {repeat: {x: 1, y: 1}, offset: {x: 0, y: 0}, scale: {x: 1, y: 1}};
  const ratio = portrait.width / portrait.height / (film.width / film.height);
  if (fit === 'exact') return whole;
  const share = ratio < 1 ? {x: ratio, y: 1} : {x: 1, y: 1 / ratio};
  // What would stand out on one side when it covers leaves borders on the other when it does not.
  if (fit === 'contain') return {...whole, scale: {x: share.y, y: share.x}};
  return {...whole, repeat: share, offset: {x: (1 - share.x) / 2, y: (1 - share.y) / 2}};
}
