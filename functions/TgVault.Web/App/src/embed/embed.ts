import type { Playable } from '../api/types';

/** So long, in milliseconds, the first picture may come before the player: making that takes the browser as long as showing this. */
const patienceMs = 300;

const playable = JSON.parse(document.getElementById('playable')?.textContent ?? 'null') as Playable | null;
const main = document.querySelector('main');
if (playable && main) {
  const begun = main.querySelector('video');
  if (begun) await firstPicture(begun);
  const { show } = await import('./page');
  // Another task: what came of the film while that was evaluated goes first.
  await new Promise((done) => setTimeout(done));
  show(playable, main);
}

function firstPicture(video: HTMLVideoElement): Promise<void> {
  return new Promise((done) => {
    const end = () => done();
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA || video.error || video.preload === 'none') end();
    video.addEventListener('loadeddata', end, { once: true });
    video.addEventListener('error', end, { once: true });
    setTimeout(end, patienceMs);
  });
}
