import { ApiProblem, api } from '../api/client';
import { live } from '../api/live';
import type { Status, Video } from '../api/types';

export interface Filter {
  search: string;
  folder: string;
  tag: string;
  status: Status | '';
}

export const noFilter: Filter = { search: '', folder: '', tag: '', status: '' };

const pageSize = 60;
/** How many pages are asked for at once where few on each match. */
const mostPages = 5;

/** The part of the library that is shown, kept while other pages are looked at. Tells `change`. */
class LibraryStore extends EventTarget {
  filter: Filter = noFilter;
  videos: Video[] = [];
  problem = '';
  isLoading = false;
  isComplete = false;
  /** Where the list was scrolled to when it was left. */
  scroll = 0;
  readonly folders = new Map<string, number>();
  readonly tags = new Map<string, number>();
  private readonly seen = new Map<string, Video>();
  private continuation?: string;
  private round = 0;

  constructor() {
    super();
    live.addEventListener('video', (event) => this.take((event as CustomEvent<Video>).detail));
    live.addEventListener('removed', (event) => this.drop((event as CustomEvent<Video>).detail.id));
    live.addEventListener('connected', () => void this.load(this.filter));
  }

  /** The list from its beginning. What is shown stays until the new one is there. */
  async load(filter: Filter): Promise<void> {
    const isOther = JSON.stringify(filter) !== JSON.stringify(this.filter);
    this.filter = filter;
    this.continuation = undefined;
    this.isComplete = false;
    if (isOther) this.videos = this.sorted([...this.seen.values()].filter((video) => this.matches(video)));
    await this.fetch(true);
  }

  async more(): Promise<void> {
    if (!this.isLoading && !this.isComplete) await this.fetch(false);
  }

  /** Puts a video as it now is into the list, where it belongs there. */
  take(video: Video): void {
    this.count(video);
    const rest = this.videos.filter((one) => one.id !== video.id);
    const last = this.videos.at(-1);
    const isWithin = this.isComplete || rest.length < this.videos.length || (last !== undefined && video.id < last.id);
    this.videos = this.matches(video) && isWithin ? this.sorted([...rest, video]) : rest;
    this.changed();
  }

  drop(id: string): void {
    this.uncount(id);
    this.videos = this.videos.filter((video) => video.id !== id);
    this.changed();
  }

  find(id: string): Video | undefined {
    return this.seen.get(id);
  }

  forget(): void {
    this.seen.clear();
    this.folders.clear();
    this.tags.clear();
    this.videos = [];
    this.isComplete = false;
    this.continuation = undefined;
    this.filter = noFilter;
  }

  private async fetch(isFirst: boolean): Promise<void> {
    const round = ++this.round;
    this.isLoading = true;
    this.problem = '';
    this.changed();
    try {
      let found: Video[] = isFirst ? [] : this.videos;
      const wanted = found.length + pageSize / 2;
      for (let pages = 0; pages < mostPages && found.length < wanted && !this.isComplete; pages++) {
        const { search, folder, tag, status } = this.filter;
        const page = await api.list({ search, folder, tag, status, limit: pageSize, continuation: this.continuation });
        if (round !== this.round) return;
        for (const video of page.videos) this.count(video);
        const known = new Set(found.map((video) => video.id));
        found = [...found, ...page.videos.filter((video) => !known.has(video.id) && this.matches(video))];
        this.continuation = page.continuation;
        this.isComplete = page.continuation === undefined;
      }
      this.videos = found;
    } catch (problem) {
      if (round !== this.round) return;
      if (!(problem instanceof ApiProblem)) throw problem;
      this.problem = problem.message;
    }
    this.isLoading = false;
    this.changed();
  }

  // What the vault's own search finds and a little more: it decides, this is for what comes in between.
  private matches(video: Video): boolean {
    const { search, folder, tag, status } = this.filter;
    const text = fold([video.name, video.folder, video.description, ...video.tags].join(' '));
    return (
      fold(search)
        .split(/[^\p{L}\p{N}]+/u)
        .every((word) => text.includes(word)) &&
      (!folder || video.folder === folder) &&
      (!tag || video.tags.includes(tag)) &&
      (!status || video.status === status)
    );
  }

  // Ids sort newest first.
  private sorted(videos: Video[]): Video[] {
    return videos.sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  private count(video: Video): void {
    this.uncount(video.id);
    this.seen.set(video.id, video);
    if (video.folder) add(this.folders, video.folder, 1);
    for (const tag of video.tags) add(this.tags, tag, 1);
  }

  private uncount(id: string): void {
    const former = this.seen.get(id);
    if (!former) return;
    this.seen.delete(id);
    if (former.folder) add(this.folders, former.folder, -1);
    for (const tag of former.tags) add(this.tags, tag, -1);
  }

  private changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

/** Without case and accents. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

function add(counts: Map<string, number>, name: string, count: number): void {
  const sum = (counts.get(name) ?? 0) + count;
  if (sum > 0) counts.set(name, sum);
  else counts.delete(name);
}

export const library = new LibraryStore();
