/** Which video belongs to which portrait, by the names of their files. */

const VIDEOS = /\.(mp4|mov|m4v|3gp|webm|mkv)$/i;

/** @param {File} file */
export function isVideo(file) {
  return file.type.startsWith('video/') || (!file.type && VIDEOS.test(file.name));
}

/**
 * The video of each portrait: that of the same name, else, in the order of their names, what is
 * left; null where there is none.
 * @param {File[]} portraits @param {File[]} videos
 * @returns {(File | null)[]}
 */
export function pair(portraits, videos) {
  const left = [...videos].sort((a, b) => compare(a.name, b.name));
  const named = portraits.map((portrait) => {
    const found = left.findIndex((video) => stem(video) === stem(portrait));
    return found < 0 ? null : left.splice(found, 1)[0];
  });
  return named.map((video) => video ?? left.shift() ?? null);
}

/** Names as people sort them: 2 before 10. @param {string} a @param {string} b */
export function compare(a, b) {
  return a.localeCompare(b, undefined, { numeric: true, sensitivity: 'base' });
}

/** @param {File} file */
function stem(file) {
  return file.name.replace(/\.[^.]*$/, '').toLowerCase().normalize();
}
