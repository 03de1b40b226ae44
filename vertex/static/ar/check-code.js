// The results of a check as a code to be read out: services/phone_checks.py reads it.

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'; // Crockford's base32
const DATA = 9; // characters before the one that checks them
const GROUP = 5;

/** In the order and with the width in bits in which the code holds them. */
const FIELDS = /** @type {const} */ ([
  ['system', 2],
  ['engine', 2],
  ['secure', 1],
  ['wasm', 1],
  ['simd', 1],
  ['webgl', 1],
  ['camera', 3],
  ['path', 3],
  ['speed', 2],
  ['searchMs', 7],
  ['rate', 6],
  ['print', 2],
  ['size', 6],
]);
const SPARE = 2 ** 6; // bits that are zero; so is the version, in front

/** @typedef {Record<typeof FIELDS[number][0], number>} Results */

/** @param {number} value of the field of 32, times x modulo x^5 + x^2 + 1 */
function timesX(value) {
  return (value << 1) ^ (value & 16 ? 0b100101 : 0);
}

/**
 * @param {Results} results numbers, which are capped at what the code can hold
 */
export function encode(results) {
  let number = 0; // of 45 bits: more than the operators of whole numbers can
  for (const [name, bits] of FIELDS) {
    const most = 2 ** bits - 1;
    number = number * (most + 1) + Math.max(0, Math.min(most, Math.round(results[name])));
  }
  number *= SPARE;
  const digits = [];
  for (let place = DATA - 1; place >= 0; place--) digits.push(Math.floor(number / 32 ** place) % 32);
  const rest = digits.reduce((sum, digit) => timesX(sum) ^ digit, 0);
  const code = [...digits, timesX(rest)].map((digit) => ALPHABET[digit]).join('');
  return `${code.slice(0, GROUP)}-${code.slice(GROUP)}`;
}
