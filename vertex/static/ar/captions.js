// The captions of the video, where its own player does not show them: over the camera's picture.

import {element, state} from './page.js';
import {video} from './playback.js';

const line = element('captions', HTMLElement);

function show() {
  const track = video.textTracks[0];
  const own = state() === 'fallback';
  if (track) track.mode = own ? 'showing' : 'hidden';
  const cues = track && !own ? [...(track.activeCues ?? [])] : [];
  line.textContent = cues.map((cue) => /** @type {VTTCue} */ (cue).text.replace(/<[^>]*>/g, '')).join('\n');
  line.hidden = !line.textContent;
}

video.textTracks.addEventListener('addtrack', ({track}) => {
  track?.addEventListener('cuechange', show);
  show();
});
video.addEventListener('timeupdate', show);
