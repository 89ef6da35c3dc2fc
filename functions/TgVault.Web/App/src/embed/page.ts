import type { Playable } from '../api/types';
import '../player/tgvault-player';
import { t } from '../texts';
import { EmbedLink } from './link';
import { readParameters } from './parameters';
import { speakPlayerJs } from './playerjs';

/** Puts the player into the page. */
export function show(video: Playable, place: HTMLElement): void {
  // A frame of an opaque origin cannot be told by its site, so a link that is for some sites cannot be good in it.
  if (video.limited && window.origin === 'null') {
    place.className = 'words';
    place.textContent = t.player.limitedSandbox;
    return;
  }
  const asked = readParameters(location.search);
  const player = document.createElement('tgvault-player');
  const link = new EmbedLink(video.id);
  Object.assign(player, {
    playable: video,
    // The page began to load it before this script was there.
    begun: place.querySelector('video') ?? undefined,
    renew: () => link.renew(),
    autoplay: asked.autoplay,
    muted: asked.muted,
    loop: asked.loop,
    noControls: !asked.controls,
    showTitle: asked.title,
    start: asked.start,
    preload: asked.preload,
    poster: asked.poster,
    rate: asked.rate,
    textTrack: asked.textTrack,
  });
  if (asked.accent) player.style.setProperty('--player-accent', asked.accent);
  place.append(player);
  if (!asked.title || !asked.controls) place.append(hiddenHeading(video.title));
  void player.updateComplete.then(() => speakPlayerJs(player, link));
}

/** What a page is about is said to those who do not see it in any case. */
function hiddenHeading(text: string): HTMLElement {
  const heading = document.createElement('h1');
  heading.className = 'hidden';
  heading.textContent = text;
  return heading;
}
