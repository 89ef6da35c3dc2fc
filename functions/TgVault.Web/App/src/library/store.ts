import { ApiProblem, api } from '../api/client';
import { live } from '../api/live';
import type { Video } from '../api/types';
import { addressOf, type Filter, has, isSame, noFilter } from './filter';

const pageSize = 60;
/** Pages on either side of what is looked at whose videos are kept; of others only their ids are. */
const keptAround = 5;
/** How many pages are asked for at once where few on each match. */
const mostPages = 5;
/** What came by events, for who follows an upload that the list does not show. */
const mostRecent = 300;
const refreshMs = 1000;

interface Page {
  /** What the page before gave. */
  readonly after?: string;
  ids: string[];
  videos?: Video[];
  isLoading?: boolean;
}

/**
 * The list of videos that is shown, as far as it was scrolled: pages of ids, of which those around what is looked at have their videos.
 * So memory stays the same however far one scrolls. Tells `change`.
 */
class LibraryStore extends EventTarget {
  filter: Filter = noFilter;
  problem = '';
  isLoading = false;
  isComplete = false;
  /** Where the list was scrolled to when it was left. */
  scroll = 0;
  private pages: Page[] = [];
  private starts: number[] = [];
  private next?: string;
  private round = 0;
  private looked = { first: 0, last: 0 };
  private refreshes?: ReturnType<typeof setTimeout>;
  private readonly recent = new Map<string, Video>();

  constructor() {
    super();
    live.addEventListener('video', (event) => this.take((event as CustomEvent<Video>).detail));
    live.addEventListener('removed', (event) => this.drop((event as CustomEvent<Video>).detail.id));
    live.addEventListener('connected', () => void this.refresh());
  }

  /** How many videos the list has so far. */
  get count(): number {
    const last = this.pages.length - 1;
    return last < 0 ? 0 : this.starts[last]! + this.pages[last]!.ids.length;
  }

  get address(): string {
    return addressOf(this.filter);
  }

  idAt(index: number): string | undefined {
    const page = this.pageAt(index);
    return this.pages[page]?.ids[index - this.starts[page]!];
  }

  /** The video at a place of the list; undefined while its page is on its way. */
  at(index: number): Video | undefined {
    const page = this.pageAt(index);
    return this.pages[page]?.videos?.[index - this.starts[page]!];
  }

  find(id: string): Video | undefined {
    for (const page of this.pages) {
      const found = page.videos?.find((video) => video.id === id);
      if (found) return found;
    }
    return this.recent.get(id);
  }

  indexOf(id: string): number {
    for (const [number, page] of this.pages.entries()) {
      const place = page.ids.indexOf(id);
      if (place >= 0) return this.starts[number]! + place;
    }
    return -1;
  }

  /** The list from its beginning; the same list again is only looked through for news. */
  async load(filter: Filter): Promise<void> {
    if (isSame(filter, this.filter) && this.pages.length > 0) {
      await this.refresh();
      return;
    }
    this.filter = filter;
    this.reset();
    await this.more();
  }

  /** So much of the list is looked at: its videos are fetched, those far away are let go. */
  look(first: number, last: number): void {
    this.looked = { first, last };
    const [from, to] = [this.pageAt(first), this.pageAt(last)];
    for (const [number, page] of this.pages.entries()) {
      const isNear = number >= from - keptAround && number <= to + keptAround;
      // Videos that come in while one looks go into the first page.
      if (!isNear && number > 0 && page.videos) page.videos = undefined;
      if (number >= from && number <= to && !page.videos) void this.fetchAgain(page);
    }
    if (last >= this.count - pageSize / 2) void this.more();
  }

  async more(): Promise<void> {
    if (this.isLoading || this.isComplete) return;
    const round = this.round;
    this.isLoading = true;
    this.problem = '';
    this.changed();
    try {
      const wanted = this.count + pageSize / 2;
      for (let pages = 0; pages < mostPages && this.count < wanted && !this.isComplete; pages++) {
        const after = this.next;
        const page = await this.ask(after, pageSize);
        if (round !== this.round) return;
        this.next = page.continuation;
        this.isComplete = page.continuation === undefined;
        const known = new Set(this.pages.at(-1)?.ids);
        const videos = page.videos.filter((video) => !known.has(video.id));
        if (videos.length > 0 || this.pages.length === 0) this.pages.push({ after, ids: videos.map((video) => video.id), videos });
        this.measure();
      }
    } catch (problem) {
      if (round !== this.round) return;
      if (!(problem instanceof ApiProblem)) throw problem;
      this.problem = problem.message;
    }
    this.isLoading = false;
    this.changed();
  }

  /** Puts a video as it now is into the list, where it belongs there. */
  take(video: Video): void {
    this.remember(video);
    const index = this.indexOf(video.id);
    if (index >= 0) {
      const number = this.pageAt(index);
      const page = this.pages[number]!;
      const place = index - this.starts[number]!;
      if (!has(this.filter, video)) {
        this.drop(video.id);
        return;
      }
      if (page.videos) page.videos[place] = video;
    } else if (has(this.filter, video)) {
      this.insert(video);
    }
    this.changed();
  }

  drop(id: string): void {
    this.recent.delete(id);
    for (const page of this.pages) {
      const place = page.ids.indexOf(id);
      if (place < 0) continue;
      page.ids.splice(place, 1);
      page.videos?.splice(place, 1);
    }
    this.measure();
    this.changed();
  }

  forget(): void {
    this.reset();
    this.recent.clear();
    this.filter = noFilter;
  }

  private reset(): void {
    this.round++;
    this.pages = [];
    this.starts = [];
    this.next = undefined;
    this.isLoading = false;
    this.isComplete = false;
    this.problem = '';
    this.scroll = 0;
    this.looked = { first: 0, last: 0 };
  }

  /** What is new comes first in the list of all; where only the vault knows, it is asked once nothing more comes. */
  private insert(video: Video): void {
    const [first] = this.pages;
    if (!first?.videos) return;
    if (this.filter.search || this.filter.order !== 'newest') {
      clearTimeout(this.refreshes);
      this.refreshes = setTimeout(() => void this.refresh(), refreshMs);
      return;
    }
    // Ids sort newest first.
    const place = first.ids.findIndex((id) => video.id < id);
    if (place < 0 && !(this.isComplete && this.pages.length === 1)) return;
    const at = place < 0 ? first.ids.length : place;
    first.ids.splice(at, 0, video.id);
    first.videos.splice(at, 0, video);
    this.measure();
  }

  /** The first page again, while it is looked at. */
  private async refresh(): Promise<void> {
    const [first] = this.pages;
    if (!first || this.looked.first >= pageSize || this.isLoading) return;
    const round = this.round;
    try {
      const page = await this.ask(undefined, pageSize);
      if (round !== this.round) return;
      const ids = page.videos.map((video) => video.id);
      // Where the pages do not meet any more, the later ones come again as one scrolls.
      const meets = this.pages.length > 1 && ids.at(-1) === first.ids.at(-1);
      this.pages = [{ ids, videos: page.videos }, ...(meets ? this.pages.slice(1) : [])];
      if (!meets) {
        this.next = page.continuation;
        this.isComplete = page.continuation === undefined;
      }
      this.problem = '';
      this.measure();
    } catch {
      // What is shown stays; the page says already that the vault does not answer.
    }
    this.changed();
  }

  private async fetchAgain(page: Page): Promise<void> {
    if (page.isLoading || page.ids.length === 0) return;
    const round = this.round;
    page.isLoading = true;
    try {
      const found = await this.ask(page.after, page.ids.length);
      const number = this.pages.indexOf(page);
      if (round !== this.round || number < 0) return;
      const ids = found.videos.map((video) => video.id);
      const isSameEnd = ids.length === page.ids.length && ids.at(-1) === page.ids.at(-1);
      page.ids = ids;
      page.videos = found.videos;
      if (!isSameEnd) {
        this.pages.length = number + 1;
        this.next = found.continuation;
        this.isComplete = found.continuation === undefined;
      }
      this.measure();
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      this.problem = problem.message;
    } finally {
      page.isLoading = false;
    }
    this.changed();
  }

  private ask(continuation: string | undefined, limit: number) {
    const { search, folder, tag, status, order } = this.filter;
    return api.list({ search, folder, below: folder ? true : undefined, tag, status, order, limit, continuation });
  }

  private pageAt(index: number): number {
    let [low, high] = [0, this.pages.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= index) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  private measure(): void {
    let start = 0;
    this.starts = this.pages.map((page) => {
      const own = start;
      start += page.ids.length;
      return own;
    });
  }

  private remember(video: Video): void {
    this.recent.delete(video.id);
    this.recent.set(video.id, video);
    const [oldest] = this.recent.keys();
    if (this.recent.size > mostRecent && oldest) this.recent.delete(oldest);
  }

  private changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

export const library = new LibraryStore();
