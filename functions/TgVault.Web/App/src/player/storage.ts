/** The browser's storage, where it lets us: frames of an opaque origin and strict settings do not. */
export function storage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

export function readStored<T>(key: string): T | undefined {
  try {
    return JSON.parse(storage()?.getItem(key) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** False where nothing can be kept. */
export function writeStored(key: string, value: unknown): boolean {
  try {
    const kept = storage();
    kept?.setItem(key, JSON.stringify(value));
    return kept !== undefined;
  } catch {
    return false;
  }
}
