// The portraits of an album: small pictures, ticked when they have been found.

import {config} from './config.js';
import {element, onState, state} from './page.js';
import * as playback from './playback.js';
import * as showing from './showing.js';

const SOON = '0px 64px'; // the picture beside those that are seen

/** @type {Set<string>} */
const found = new Set();

/**
 * Pictures are fetched as they are seen: browsers think of far more as near, and fifty would weigh
 * what a marker does.
 * @param {HTMLElement} strip
 */
function fetchWhatIsSeen(strip) {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const {isIntersecting, target} of entries) {
        if (!isIntersecting || !(target instanceof HTMLImageElement)) continue;
        target.src = target.dataset.src ?? '';
        observer.unobserve(target);
      }
    },
    {root: strip.querySelector('ul'), rootMargin: SOON},
  );
  for (const picture of strip.querySelectorAll('img')) observer.observe(picture);
}

/**
 * What is saved or opened is the film that is shown.
 * @param {import('./types').PortraitOfPage['video']} film
 */
function linkTo(film) {
  const addresses = {download: film?.download, open: film?.plain ?? film?.url};
  for (const [id, address] of Object.entries(addresses)) {
    const link = document.getElementById(id);
    if (link instanceof HTMLAnchorElement && address) link.href = address;
  }
}

if (config.album) {
  const strip = element('strip', HTMLElement);
  const buttons = [...strip.querySelectorAll('button')];
  fetchWhatIsSeen(strip);

  const show = () => {
    const {photo, title, width, height, id, video} = showing.current();
    const isFound = ['found', 'ended'].includes(state());
    if (isFound) found.add(id);
    // while its film is on the print nobody sees the photo, and the film needs the line
    for (const picture of isFound ? [] : document.querySelectorAll('#photo, #ghost')) {
      if (picture instanceof HTMLImageElement && picture.getAttribute('src') !== photo) {
        Object.assign(picture, {src: photo, width, height});
        if (picture.id === 'photo') picture.alt = title;
        document.documentElement.style.setProperty('--shape', String(width / height));
      }
    }
    linkTo(video);
    for (const button of buttons) {
      const mine = button.dataset.id ?? '';
      button.setAttribute('aria-current', String(mine === id));
      button.toggleAttribute('data-found', found.has(mine));
      const words = found.has(mine) ? ` (${config.texts['album-found']})` : '';
      button.setAttribute('aria-label', (button.dataset.title ?? '') + words);
    }
    const count = element('count', HTMLElement);
    count.textContent = `${found.size} / ${buttons.length}`;
  };

  buttons.forEach((button, place) =>
    button.addEventListener('click', () => {
      showing.show(place);
      if (state() !== 'fallback') return;
      playback.unlock();
      playback.play().catch(playback.fail);
    }),
  );
  showing.onChange(show);
  onState(show);
  show();
}
