const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** 1.4 GiB. */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** 1:02:03, as players write it. */
export function clock(seconds: number): string {
  const all = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(all / 60) % 60, all % 60].map((part) => String(part).padStart(2, '0'));
  const hours = Math.floor(all / 3600);
  return hours > 0 ? `${hours}:${parts.join(':')}` : parts.join(':').replace(/^0/, '');
}

/** About how long, in one or two words: 40 s, 5 min, 2 h 10 min. */
export function span(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 > 0 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.round(hours / 24)} days`;
}

const dates = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export const date = (time: string): string => dates.format(new Date(time));

const times = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });

export const timeOfDay = (time: string): string => times.format(new Date(time));

const days = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

export const day = (time: string): string => days.format(new Date(time));

const languages = (() => {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' });
  } catch {
    return undefined;
  }
})();

/** English for en or eng; the tag itself where it is none that is known. */
export function language(tag: string): string {
  if (!tag || tag === 'und') return '';
  try {
    return languages?.of(tag) ?? tag;
  } catch {
    return tag;
  }
}
