import { api } from '../api/client';
import { live } from '../api/live';
import type { Lists, Video } from '../api/types';

/** After a change: what follows shortly is counted with it. */
const waitMs = 1000;
const mostKnown = 500;

const none: Lists = { videos: 0, folders: [], tags: [], statuses: [], more: false, age: 0, next: 0 };

/** Folders, tags and states with how many videos each has, as the vault counted them last. Tells `change`. */
class ListsStore extends EventTarget {
  lists: Lists = none;
  isLoaded = false;
  private waits?: ReturnType<typeof setTimeout>;
  private changedAt = 0;
  private readonly known = new Map<string, string>();

  constructor() {
    super();
    live.addEventListener('video', (event) => this.look((event as CustomEvent<Video>).detail));
    live.addEventListener('removed', () => this.outdated());
    live.addEventListener('connected', () => this.outdated());
  }

  async load(): Promise<void> {
    clearTimeout(this.waits);
    this.waits = undefined;
    try {
      this.lists = await api.lists();
      this.isLoaded = true;
      this.dispatchEvent(new Event('change'));
      // The vault keeps its counts for a while: these may be of before the change.
      if (performance.now() - this.lists.age * 1000 < this.changedAt) this.waitFor(this.lists.next * 1000 + waitMs);
    } catch {
      // The last counts stay; the library says what is wrong.
    }
  }

  /** Something has changed that is counted. */
  outdated(): void {
    this.changedAt = performance.now();
    this.waitFor(waitMs);
  }

  forget(): void {
    clearTimeout(this.waits);
    this.waits = undefined;
    this.lists = none;
    this.isLoaded = false;
    this.known.clear();
  }

  private waitFor(ms: number): void {
    this.waits ??= setTimeout(() => void this.load(), ms);
  }

  // A video that is being stored tells of itself every second; that it goes on changes no count.
  private look(video: Video): void {
    const counted = JSON.stringify([video.status, video.folder, video.tags]);
    if (this.known.get(video.id) === counted) return;
    this.known.delete(video.id);
    this.known.set(video.id, counted);
    const [oldest] = this.known.keys();
    if (this.known.size > mostKnown && oldest) this.known.delete(oldest);
    this.outdated();
  }
}

export const lists = new ListsStore();
