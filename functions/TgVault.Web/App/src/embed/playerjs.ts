import { problemEvent, type TgvaultPlayer } from '../player/tgvault-player';
import type { EmbedLink } from './link';

/**
 * Lets the page around the frame drive the player, by player.js (https://github.com/embedly/player.js, SPEC.rst): JSON texts by
 * postMessage. What is told is no secret of the page around it, so any parent may listen. Beyond the specification: the speed, and
 * `linkexpired`, which the page may answer by `setLink`.
 */
const context = 'player.js';
const version = '0.0.11';
const events = [
  'ready',
  'progress',
  'timeupdate',
  'play',
  'pause',
  'ended',
  'seeked',
  'error',
  'playbackratechange',
  'linkexpired',
] as const;
const methods = [
  'play',
  'pause',
  'getPaused',
  'mute',
  'unmute',
  'getMuted',
  'setVolume',
  'getVolume',
  'getDuration',
  'setCurrentTime',
  'getCurrentTime',
  'setLoop',
  'getLoop',
  'setPlaybackRate',
  'getPlaybackRate',
  'setLink',
  'addEventListener',
  'removeEventListener',
] as const;

/** So often, in milliseconds, and so many times, it is said again that the player is ready, while nobody has answered. */
const announcing = { everyMs: 1000, times: 60 };

type EventName = (typeof events)[number];
type Message = { context?: string; method?: string; value?: unknown; listener?: string };

export function speakPlayerJs(player: TgvaultPlayer, link: EmbedLink): void {
  if (window.parent === window) return;
  const listeners = new Map<string, Set<string | undefined>>();
  const media = () => player.media;

  function send(event: string, value?: unknown, listener?: string): void {
    window.parent.postMessage(JSON.stringify({ context, version, event, value, listener }), '*');
  }

  function emit(event: EventName, value?: unknown): void {
    for (const listener of listeners.get(event) ?? []) send(event, value, listener);
  }

  const ready = () => ({ src: location.href, events, methods });
  const duration = () => finite(media()?.duration) || (player.playable?.duration ?? 0);

  const calls: Record<string, (value: unknown, listener?: string) => void> = {
    play: () => player.play(),
    pause: () => player.pause(),
    getPaused: (_, listener) => send('getPaused', media()?.paused ?? true, listener),
    mute: () => player.withMedia((one) => (one.muted = true)),
    unmute: () => player.withMedia((one) => (one.muted = false)),
    getMuted: (_, listener) => send('getMuted', media()?.muted ?? player.muted, listener),
    setVolume: (value) => player.withMedia((one) => (one.volume = Math.min(1, Math.max(0, Number(value) / 100)))),
    getVolume: (_, listener) => send('getVolume', Math.round((media()?.volume ?? 1) * 100), listener),
    getDuration: (_, listener) => send('getDuration', duration(), listener),
    setCurrentTime: (value) => player.seek(Number(value)),
    getCurrentTime: (_, listener) => send('getCurrentTime', media()?.currentTime ?? 0, listener),
    setLoop: (value) => player.withMedia((one) => (one.loop = value === true || value === 'true')),
    getLoop: (_, listener) => send('getLoop', media()?.loop ?? player.loop, listener),
    setPlaybackRate: (value) => player.withMedia((one) => (one.playbackRate = Number(value))),
    getPlaybackRate: (_, listener) => send('getPlaybackRate', media()?.playbackRate ?? player.rate, listener),
    setLink: (value) => link.take(String(value)),
    addEventListener: (value, listener) => {
      const name = String(value);
      listeners.set(name, (listeners.get(name) ?? new Set()).add(listener));
      // Who came after the announcement is told again.
      if (name === 'ready') send('ready', ready(), listener);
    },
    removeEventListener: (value, listener) => void listeners.get(String(value))?.delete(listener),
  };

  window.addEventListener('message', (event) => {
    if (event.source !== window.parent) return;
    const message = read(event.data);
    if (message?.context !== context || !message.method) return;
    isHeard = true;
    const call = Object.hasOwn(calls, message.method) ? calls[message.method] : undefined;
    try {
      if (call) call(message.value, message.listener ?? undefined);
      else emit('error', { code: 2, msg: `Invalid method "${message.method}"` });
    } catch (problem) {
      emit('error', { code: 1, msg: problem instanceof Error ? problem.message : String(problem) });
    }
  });

  const timing = () => ({ seconds: media()?.currentTime ?? 0, duration: duration() });
  const values: Partial<Record<string, [EventName, (() => unknown)?]>> = {
    timeupdate: ['timeupdate', timing],
    progress: ['progress', () => ({ percent: loaded(media()) })],
    play: ['play'],
    pause: ['pause'],
    ended: ['ended'],
    seeked: ['seeked', timing],
    ratechange: ['playbackratechange', () => ({ rate: media()?.playbackRate ?? 1 })],
  };
  for (const [name, [event, value] = []] of Object.entries(values)) {
    // Media events do not bubble: they are caught on their way down.
    player.renderRoot.addEventListener(name, (told) => told.target === media() && event && emit(event, value?.()), true);
  }
  // What the media element calls an error may be mended by other addresses; this could not be.
  player.addEventListener(problemEvent, (told) => emit('error', { code: 1, msg: (told as CustomEvent<string>).detail }));
  link.ask = () => {
    emit('linkexpired', { src: location.href });
    return (listeners.get('linkexpired')?.size ?? 0) > 0;
  };

  // A client that comes after it takes the frame for one that still loads, and says nothing until it is told.
  let isHeard = false;
  announce(0);
  function announce(time: number): void {
    if (isHeard || time >= announcing.times) return;
    send('ready', ready());
    setTimeout(announce, announcing.everyMs, time + 1);
  }
}

function read(data: unknown): Message | undefined {
  if (typeof data !== 'string') return typeof data === 'object' && data !== null ? data : undefined;
  try {
    return JSON.parse(data) ?? undefined;
  } catch {
    return undefined;
  }
}

const finite = (seconds: number | undefined) => (Number.isFinite(seconds) ? seconds : 0);

/** How much is there, from 0 to 1. */
function loaded(media: HTMLVideoElement | undefined): number {
  if (!media?.buffered.length || !finite(media.duration)) return 0;
  return media.buffered.end(media.buffered.length - 1) / media.duration;
}
