import { readStored, writeStored } from './storage';

const key = 'tgvault-positions';
const mostKept = 200;
/** Nearer to an end than this, in seconds, nobody wants to go on. */
const edge = 10;

type Positions = [id: string, seconds: number][];

/** Where one was in a video, in seconds; 0 where it is not known. */
export function positionOf(id: string): number {
  return readStored<Positions>(key)?.find(([known]) => known === id)?.[1] ?? 0;
}

/** Keeps where one is; at the beginning and the end that is nothing. */
export function keepPosition(id: string, seconds: number, duration: number): void {
  const others = (readStored<Positions>(key) ?? []).filter(([known]) => known !== id);
  const isWithin = seconds > edge && Number.isFinite(duration) && seconds < duration - edge;
  writeStored(key, isWithin ? [[id, Math.floor(seconds)], ...others].slice(0, mostKept) : others);
}
