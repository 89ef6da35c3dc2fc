/** What the address of an embed page asks for, by the names that other players have for it. Unknown ones are passed over. */
export interface Parameters {
  autoplay: boolean;
  muted: boolean;
  loop: boolean;
  controls: boolean;
  title: boolean;
  /** Seconds. */
  start?: number;
  preload: 'none' | 'metadata' | 'auto';
  rate: number;
  accent?: string;
  /** The address of a picture to show before it plays. */
  poster: string;
  textTrack: string;
}

export function readParameters(search: string): Parameters {
  const query = new URLSearchParams(search);
  const first = (...names: string[]) => names.map((name) => query.get(name)).find((value) => value !== null) ?? undefined;
  const preload = first('preload');
  const rate = Number(first('playback-rate'));
  return {
    autoplay: isOn(first('autoplay'), false),
    muted: isOn(first('muted'), false),
    loop: isOn(first('loop'), false),
    controls: isOn(first('controls'), true),
    title: isOn(first('title'), true),
    start: readSeconds(first('start', 't', 'startTime')),
    preload: preload === 'none' || preload === 'auto' ? preload : 'metadata',
    rate: rate >= 0.25 && rate <= 4 ? rate : 1,
    accent: readColor(first('accent-color')),
    poster: readAddress(first('poster')),
    textTrack: first('default-text-track', 'subtitle') ?? '',
  };
}

/** A parameter that is there is on, unless it says otherwise. */
function isOn(value: string | undefined, otherwise: boolean): boolean {
  if (value === undefined) return otherwise;
  return !['0', 'false', 'no', 'off'].includes(value.toLowerCase());
}

/** `90`, `90s`, `1h12m27s`, `1:12:27`. */
export function readSeconds(value: string | undefined): number | undefined {
  if (!value) return undefined;
  const clock = /^(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2}(?:\.\d+)?)$/.exec(value);
  const units = /^(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,7}(?:\.\d+)?)s?)?$/.exec(value);
  const [, hours, minutes, seconds] = clock ?? units ?? [];
  const sum = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return (clock ?? units) && Number.isFinite(sum) ? sum : undefined;
}

/** A colour as CSS writes it; the # may be missing, since addresses have another use for it. */
function readColor(value: string | undefined): string | undefined {
  if (!value) return undefined;
  const color = /^[0-9a-f]{3,8}$/i.test(value) ? `#${value}` : value;
  return CSS.supports('color', color) ? color : undefined;
}

function readAddress(value: string | undefined): string {
  return value && /^https?:\/\//i.test(value) && URL.canParse(value) ? value : '';
}
