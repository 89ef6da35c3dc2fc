import type { Playable } from '../api/types';
import { t } from '../texts';

const pausesMs = [1000, 2000, 4000, 8000];

/** Asks for addresses until there is an answer, or for about 15 seconds; throws what was said instead, for a person. */
export async function renewPatiently(renew: () => Promise<Playable>): Promise<Playable> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await renew();
    } catch (problem) {
      const pause = pausesMs[attempt];
      const status = (problem as { status?: number }).status ?? 0;
      if (status > 0 && status < 500) throw problem;
      if (pause === undefined) throw new Error(status > 0 ? (problem as Error).message : t.player.unreachable);
      await new Promise((resume) => setTimeout(resume, pause));
    }
  }
}

/** Why a good address does not play, for a person: the vault says so, or else the browser cannot play what it gives. */
export async function whyNot(address: string): Promise<string> {
  try {
    const answer = await fetch(address, { headers: { range: 'bytes=0-1' }, credentials: 'omit' });
    if (answer.ok) return t.player.format;
    return (await answer.json()).detail ?? t.player.failed;
  } catch {
    return t.player.failed;
  }
}
