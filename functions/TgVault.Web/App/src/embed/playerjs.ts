/**
 * Lets the page around the frame drive the player, by player.js (https://github.com/embedly/player.js, SPEC.rst): JSON texts by
 * postMessage. What is told is no secret of the page around it, so any parent may listen.
 */
const context = 'player.js';
const version = '0.0.11';
const events = ['ready', 'progress', 'timeupdate', 'play', 'pause', 'ended', 'seeked', 'error', 'playbackratechange'] as const;
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
  'addEventListener',
  'removeEventListener',
] as const;

type EventName = (typeof events)[number];
type Message = { context?: string; method?: string; value?: unknown; listener?: string };

/** @param media gives the media element, once there is one; events of media reach the player, too. */
export function speakPlayerJs(player: HTMLElement, media: () => HTMLVideoElement | undefined): void {
  if (window.parent === window) return;
  const listeners = new Map<string, Set<string | undefined>>();

  function send(event: string, value?: unknown, listener?: string): void {
    window.parent.postMessage(JSON.stringify({ context, version, event, value, listener }), '*');
  }

  function emit(event: EventName, value?: unknown): void {
    for (const listener of listeners.get(event) ?? []) send(event, value, listener);
  }

  const ready = () => ({ src: location.href, events, methods });

  const calls: Record<string, (value: unknown, listener?: string) => void> = {
    play: () =>
      void media()
        ?.play()
        .catch((problem: Error) => emit('error', { code: 1, msg: problem.message })),
    pause: () => media()?.pause(),
    getPaused: (_, listener) => send('getPaused', media()?.paused ?? true, listener),
    mute: () => withMedia((one) => (one.muted = true)),
    unmute: () => withMedia((one) => (one.muted = false)),
    getMuted: (_, listener) => send('getMuted', media()?.muted ?? false, listener),
    setVolume: (value) => withMedia((one) => (one.volume = Math.min(1, Math.max(0, Number(value) / 100)))),
    getVolume: (_, listener) => send('getVolume', Math.round((media()?.volume ?? 1) * 100), listener),
    getDuration: (_, listener) => send('getDuration', finite(media()?.duration), listener),
    setCurrentTime: (value) => withMedia((one) => (one.currentTime = Number(value))),
    getCurrentTime: (_, listener) => send('getCurrentTime', media()?.currentTime ?? 0, listener),
    setLoop: (value) => withMedia((one) => (one.loop = value === true || value === 'true')),
    getLoop: (_, listener) => send('getLoop', media()?.loop ?? false, listener),
    setPlaybackRate: (value) => withMedia((one) => (one.playbackRate = Number(value))),
    getPlaybackRate: (_, listener) => send('getPlaybackRate', media()?.playbackRate ?? 1, listener),
    addEventListener: (value, listener) => {
      const name = String(value);
      listeners.set(name, (listeners.get(name) ?? new Set()).add(listener));
      // Who came after the announcement is told again.
      if (name === 'ready') send('ready', ready(), listener);
    },
    removeEventListener: (value, listener) => void listeners.get(String(value))?.delete(listener),
  };

  function withMedia(change: (one: HTMLVideoElement) => void): void {
    const one = media();
    if (one) change(one);
  }

  window.addEventListener('message', (event) => {
    if (event.source !== window.parent) return;
    const message = read(event.data);
    if (message?.context !== context || !message.method) return;
    const call = Object.hasOwn(calls, message.method) ? calls[message.method] : undefined;
    try {
      if (call) call(message.value, message.listener ?? undefined);
      else emit('error', { code: 2, msg: `Invalid method "${message.method}"` });
    } catch (problem) {
      emit('error', { code: 1, msg: String(problem) });
    }
  });

  const timing = () => ({ seconds: media()?.currentTime ?? 0, duration: finite(media()?.duration) });
  const values: Partial<Record<string, [EventName, (() => unknown)?]>> = {
    timeupdate: ['timeupdate', timing],
    progress: ['progress', () => ({ percent: loaded(media()) })],
    play: ['play'],
    pause: ['pause'],
    ended: ['ended'],
    seeked: ['seeked', timing],
    ratechange: ['playbackratechange', () => ({ rate: media()?.playbackRate ?? 1 })],
    error: ['error', () => ({ code: media()?.error?.code ?? 1, msg: media()?.error?.message ?? 'The video could not be played.' })],
  };
  for (const [name, [event, value] = []] of Object.entries(values)) {
    // Media events do not bubble: they are caught on their way down.
    player.shadowRoot?.addEventListener(name, (told) => told.target === media() && event && emit(event, value?.()), true);
  }

  send('ready', ready());
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
