import { ApiProblem, address, api } from '../api/client';
import type { Upload as Announced } from '../api/types';
import { t } from '../texts';
import { BlobProblem, putBlock, putBlockList } from './blob';
import type { Journal, JournalEntry } from './journal';

export type UploadState =
  | 'comparing'
  | 'known'
  | 'waiting'
  | 'sending'
  | 'lost'
  | 'paused'
  | 'needsFile'
  | 'needsPermission'
  | 'done'
  | 'failed';

const parallel = 4;
const longestPauseMs = 30_000;
const rateWindowMs = 10_000;

/** One upload: a file, where it goes, and how far it is. Tells `change`. */
export class Upload extends EventTarget {
  state: UploadState = 'waiting';
  words = '';
  file?: File;
  readonly arrived: Set<number>;
  private readonly onTheWay = new Map<number, number>();
  private readonly marks: { at: number; bytes: number }[] = [];
  private url = '';
  private stop?: AbortController;

  constructor(
    readonly entry: JournalEntry,
    private readonly journal: Journal,
    arrived: number[] = [],
  ) {
    super();
    this.arrived = new Set(arrived);
  }

  get blockCount(): number {
    return Math.ceil(this.entry.size / this.entry.blockBytes);
  }

  /** Bytes that are there or on their way. */
  get sentBytes(): number {
    if (this.state === 'done') return this.entry.size;
    let bytes = 0;
    for (const block of this.arrived) bytes += this.lengthOf(block);
    for (const part of this.onTheWay.values()) bytes += part;
    return Math.min(bytes, this.entry.size);
  }

  /** Bytes a second over the last seconds; 0 before anything can be said. */
  get rate(): number {
    const [first, last] = [this.marks[0], this.marks.at(-1)];
    return first && last && last.at > first.at ? Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.at - first.at)) : 0;
  }

  /** Whether this is the file that was begun with. */
  fits(file: File): boolean {
    return file.name === this.entry.name && file.size === this.entry.size && file.lastModified === this.entry.lastModified;
  }

  set(state: UploadState, words = ''): void {
    this.state = state;
    this.words = words;
    this.dispatchEvent(new Event('change'));
  }

  pause(): void {
    this.set(this.state === 'needsFile' ? 'needsFile' : 'paused');
    this.stop?.abort();
  }

  /** Sends what is missing; ends when it is there, paused or failed. */
  async run(): Promise<void> {
    const stop = new AbortController();
    this.stop = stop;
    this.set('sending');
    this.marks.length = 0;
    let pauseMs = 1000;
    while (!stop.signal.aborted) {
      try {
        const before = this.arrived.size;
        await this.attempt(stop.signal);
        if (this.arrived.size > before) pauseMs = 1000;
        this.set('done');
        await this.journal.remove(this.entry.key);
        return;
      } catch (problem) {
        if (stop.signal.aborted) return;
        const words = this.explain(problem);
        if (words) {
          this.set('failed', words);
          return;
        }
        this.set('lost');
        await pause(pauseMs, stop.signal);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
        // Paused meanwhile: that is what it stays.
        if (stop.signal.aborted) return;
        this.set('sending');
      }
    }
  }

  private async attempt(signal: AbortSignal): Promise<void> {
    if (!this.url && !(await this.askForUrl())) return;
    try {
      await this.sendBlocks(signal);
      await putBlockList(this.url, this.blockCount, this.entry.contentType, signal);
    } catch (problem) {
      // The address has ended, or what was sent lay there for too long: another one, and what is missing.
      if (problem instanceof BlobProblem && problem.status === 403) this.url = '';
      if (problem instanceof BlobProblem && problem.code === 'InvalidBlockList') await this.forgetBlocks();
      throw problem;
    }
  }

  /** False where the upload turns out to be there already. */
  private async askForUrl(): Promise<boolean> {
    const { entry } = this;
    if (entry.videoId) {
      try {
        this.url = urlOf(await api.renew(entry.videoId));
        return true;
      } catch (problem) {
        if (!(problem instanceof ApiProblem)) throw problem;
        if (problem.status === 409) return false;
        if (problem.status !== 404) throw problem;
        await this.forgetBlocks();
      }
    }
    const { name, size, contentType, folder } = entry;
    const announced = await api.announce({ name, size, folder, ...(contentType ? { contentType } : {}) });
    entry.videoId = announced.id;
    this.url = urlOf(announced);
    await this.journal.save(entry);
    return true;
  }

  private async sendBlocks(signal: AbortSignal): Promise<void> {
    const missing = Array.from({ length: this.blockCount }, (_, block) => block).filter((block) => !this.arrived.has(block));
    // One that fails ends the others, so that nothing is on its way any more when it is tried again.
    const group = new AbortController();
    const both = AbortSignal.any([signal, group.signal]);
    const work = async () => {
      for (let block = missing.shift(); block !== undefined; block = missing.shift()) await this.sendBlock(block, both);
    };
    const workers = Array.from({ length: parallel }, work);
    try {
      await Promise.all(workers);
    } catch (problem) {
      group.abort();
      await Promise.allSettled(workers);
      throw problem;
    }
  }

  private async sendBlock(block: number, signal: AbortSignal): Promise<void> {
    const start = block * this.entry.blockBytes;
    const content = this.file?.slice(start, start + this.lengthOf(block));
    if (!content) throw new Error(t.uploads.needsFile);
    try {
      // Read here: a file that is gone or has changed fails as itself, not as a broken connection.
      const bytes = new Blob([await content.arrayBuffer()]);
      if (signal.aborted) throw new BlobProblem(0, 'aborted');
      const sent = (count: number) => this.moved(block, count);
      await putBlock(this.url, block, bytes, sent, signal);
      this.arrived.add(block);
    } finally {
      this.onTheWay.delete(block);
    }
    await this.journal.arrived(this.entry.key, block);
    this.mark();
  }

  private async forgetBlocks(): Promise<void> {
    this.arrived.clear();
    await this.journal.forgetBlocks(this.entry.key);
  }

  /** What no waiting mends, for a person; empty where trying again may help. */
  private explain(problem: unknown): string {
    if (problem instanceof BlobProblem) {
      const passes = problem.status === 0 || problem.status === 403 || problem.status >= 500 || problem.code === 'InvalidBlockList';
      return passes ? '' : `Storage did not take the upload: ${problem.message}`;
    }
    if (problem instanceof ApiProblem) return problem.status === 0 || problem.status >= 500 ? '' : problem.message;
    if (problem instanceof DOMException) return t.uploads.changed;
    return problem instanceof Error ? problem.message : String(problem);
  }

  private moved(block: number, bytes: number): void {
    this.onTheWay.set(block, bytes);
    this.mark();
  }

  private mark(): void {
    const now = Date.now();
    const last = this.marks.at(-1);
    if (last && now - last.at < 200) return;
    this.marks.push({ at: now, bytes: this.sentBytes });
    while (this.marks[0] && now - this.marks[0].at > rateWindowMs) this.marks.shift();
    this.dispatchEvent(new Event('change'));
  }

  private lengthOf(block: number): number {
    return Math.min(this.entry.blockBytes, this.entry.size - block * this.entry.blockBytes);
  }
}

/** Under the address that the page itself came from, where the vault takes the bytes: its public one may not lead back from inside. */
function urlOf({ uploadPath, uploadUrl }: Announced): string {
  return uploadPath === undefined ? uploadUrl : address(uploadPath.replace(/^\//, ''));
}

/** Until the time is over, the browser says that it is online again, or nobody waits any more. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    window.addEventListener('online', end);
    signal.addEventListener('abort', end);
  });
}
