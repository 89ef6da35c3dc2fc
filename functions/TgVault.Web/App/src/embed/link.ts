import type { Playable } from '../api/types';
import { t } from '../texts';

/** How long the page around may take to come by another link. */
const patienceMs = 10_000;

/** What the embed page was opened by. It ends one day; the page around may hand in another for the same video. */
export class EmbedLink {
  /** Asks the page around for another link; false where nobody there would hear it. */
  ask: () => boolean = () => false;

  private path = location.pathname;
  private taken?: () => void;

  constructor(private readonly id: string) {}

  /** @param text the address of another embed page of this vault, or only the link that it ends in. */
  take(text: string): void {
    const folder = this.path.slice(0, this.path.lastIndexOf('/') + 1);
    const url = new URL(/^[\w.-]+$/.test(text) ? `${folder}${text}` : text, location.href);
    if (url.origin !== location.origin || !url.pathname.startsWith(folder) || url.pathname.length === folder.length)
      throw new Error('A link is the address of an embed page of this vault, or what it ends in.');
    this.path = url.pathname;
    this.taken?.();
  }

  /** What the player needs, by the link; by another one where that has ended and the page around has one. */
  async renew(): Promise<Playable> {
    let answer = await this.fetch();
    if (answer.status === 410 && (await this.isReplaced())) answer = await this.fetch();
    const body = await answer.json().catch(() => undefined);
    if (!answer.ok) throw Object.assign(new Error(body?.detail ?? t.player.failed), { status: answer.status });
    if (body.id !== this.id) throw Object.assign(new Error(t.player.otherVideo), { status: 409 });
    return body;
  }

  private fetch(): Promise<Response> {
    return fetch(`${this.path}/player`, { credentials: 'omit' });
  }

  private isReplaced(): Promise<boolean> {
    return new Promise((done) => {
      const limit = setTimeout(() => done(false), patienceMs);
      this.taken = () => {
        clearTimeout(limit);
        this.taken = undefined;
        done(true);
      };
      if (!this.ask()) {
        clearTimeout(limit);
        done(false);
      }
    });
  }
}
