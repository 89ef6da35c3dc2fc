import { html, nothing, render } from 'lit';
import type { Playable } from '../api/types';

/** A media element of the page: the browser's own, or hls.js behind the same face. */
export interface Media extends HTMLVideoElement {
  config?: object;
  videoRenditions?: { length: number; selectedIndex: number; [index: number]: { height?: number } };
  audioTracks?: Iterable<{ label: string; language: string; enabled: boolean }>;
}

/** Where somebody is in a video, and how they watch it: what a change of addresses must not lose. */
export interface Place {
  seconds: number;
  plays: boolean;
  rate: number;
  /** The language of captions shown; empty for none. */
  text: string;
  /** The name of the sound chosen, where there are several. */
  sound?: string;
  /** The height of the picture that somebody fixed; without it, automatic. */
  height?: number;
}

/** HLS goes by hls.js everywhere but at Apple's: Chromium plays it too, but switches less well. */
export function elementFor(playable: Playable): 'video' | 'vault-hls' {
  return isHls(playable) && !navigator.vendor.startsWith('Apple') ? 'vault-hls' : 'video';
}

export const isHls = (playable: Playable) => playable.source.endsWith('.m3u8');

export const addressOf = (playable: Playable, path: string) => new URL(`${playable.base}${path}`, document.baseURI).href;

/** Points the element at a video's addresses. False where it loads from there already, and is left alone. */
export function point(media: Media, playable: Playable, place: Place): boolean {
  const texts = isHls(playable) ? [] : playable.captions;
  render(
    [
      ...texts.map(
        (text) =>
          html`<track
            kind="captions"
            srclang=${text.language}
            label=${text.name}
            src=${addressOf(playable, text.source)}
            ?default=${place.text !== '' && matches(text.language, place.text)}
          />`,
      ),
      // What media-chrome looks for when one points at the time. Were it the default, it would be loaded with the page.
      playable.storyboard ? html`<track kind="metadata" label="thumbnails" src=${addressOf(playable, playable.storyboard)} />` : nothing,
      playable.chapters ? html`<track kind="chapters" src=${addressOf(playable, playable.chapters)} default />` : nothing,
    ],
    media,
  );
  const source = addressOf(playable, playable.source);
  if (media.src === source) return false;
  if (media.localName !== 'video') media.config = { capLevelToPlayerSize: true, startPosition: place.seconds > 0 ? place.seconds : -1 };
  media.setAttribute('src', source);
  return true;
}

/** How the element is watched now. */
export function placeOf(media: Media, plays: boolean): Place {
  const sounds = [...(media.audioTracks ?? [])];
  const sizes = media.videoRenditions;
  return {
    seconds: media.currentTime,
    plays: plays && !media.ended,
    rate: media.playbackRate,
    text: [...media.textTracks].find((one) => one.mode === 'showing' && isText(one))?.language ?? '',
    sound: sounds.find((one) => one.enabled)?.label,
    height: sizes && sizes.selectedIndex >= 0 ? sizes[sizes.selectedIndex]?.height : undefined,
  };
}

/** Goes to a place, once the element knows its video. */
export function goTo(media: Media, place: Place): void {
  if (media.playbackRate !== place.rate) media.playbackRate = place.rate;
  if (place.text) showText(media, place.text);
  const sound = place.sound && [...(media.audioTracks ?? [])].find((one) => one.label === place.sound);
  if (sound && !sound.enabled) sound.enabled = true;
  const sizes = media.videoRenditions;
  const size =
    place.height && sizes ? Array.from(sizes as ArrayLike<{ height?: number }>).findIndex((one) => one.height === place.height) : -1;
  if (sizes && size >= 0) sizes.selectedIndex = size;
  if (place.seconds > 0 && place.seconds < media.duration && Math.abs(media.currentTime - place.seconds) > 0.25)
    media.currentTime = place.seconds;
  if (place.plays) media.play().catch(() => undefined);
}

const isText = ({ kind }: TextTrack) => kind === 'captions' || kind === 'subtitles';

function showText(media: Media, language: string): void {
  const show = () => {
    const track = [...media.textTracks].find((one) => isText(one) && matches(one.language, language));
    if (track) track.mode = 'showing';
    return track !== undefined;
  };
  if (!show()) media.textTracks.addEventListener('addtrack', show, { once: true });
}

function matches(language: string, wanted: string): boolean {
  const [one, other] = [language.toLowerCase(), wanted.toLowerCase()];
  return one === other || one.split('-')[0] === other;
}
