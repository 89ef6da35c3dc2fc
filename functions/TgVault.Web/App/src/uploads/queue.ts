import { api } from '../api/client';
import { tell } from '../app/notice';
import { bytes } from '../format';
import { t } from '../texts';
import type { Dropped } from './dropped';
import { Journal } from './journal';
import { findKnown } from './known';
import { Upload } from './upload';

const atOnce = 2;
const MiB = 1 << 20;
/** A block list has at most 50,000. */
const mostBlocks = 50_000;
/** What is on its way when a connection breaks has to be sent again: little enough that even of a film it is less than a hundredth. */
const leastBlockBytes = MiB;

/** All uploads of this browser, in order. Tells `change`. */
class UploadQueue extends EventTarget {
  uploads: Upload[] = [];
  private readonly journal = new Journal();
  private isRestored = false;
  private most?: Promise<number>;

  constructor() {
    super();
    window.addEventListener('beforeunload', (event) => {
      if (this.uploads.some((upload) => upload.state === 'sending' || upload.state === 'lost')) event.preventDefault();
    });
  }

  /** Takes up what was left when the page was closed; in one tab only, for two would send the same blocks. */
  async restore(): Promise<void> {
    if (this.isRestored) return;
    this.isRestored = true;
    if (!(await this.isOnlyTab())) return;
    for (const { entry, arrived } of await this.journal.load()) {
      if (this.uploads.some((upload) => upload.entry.key === entry.key)) continue;
      const upload = this.follow(new Upload(entry, this.journal, arrived));
      upload.set('needsFile');
      if (entry.handle) void this.reopen(upload, false);
    }
    this.changed();
  }

  /** @param under goes before each file's folder. */
  async add(files: Dropped[], under: string): Promise<void> {
    this.most ??= api.about().then((about) => about.maxUpload);
    const most = await this.most.catch(() => Number.MAX_SAFE_INTEGER);
    const added: Upload[] = [];
    for (const { file, folder, handle } of files) {
      if (this.takeUp(file, handle)) continue;
      const upload = this.follow(
        new Upload(
          {
            key: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`,
            name: file.name,
            size: file.size,
            lastModified: file.lastModified,
            contentType: file.type,
            folder: [under, folder]
              .filter((part) => part)
              .join('/')
              .slice(0, 200),
            blockBytes: Math.max(leastBlockBytes, Math.ceil(file.size / mostBlocks / MiB) * MiB),
            ...(handle ? { handle } : {}),
          },
          this.journal,
        ),
      );
      upload.file = file;
      if (file.size === 0) upload.set('failed', t.uploads.nothing);
      else if (file.size > most) upload.set('failed', t.uploads.tooLarge(bytes(most)));
      else {
        upload.set('comparing');
        added.push(upload);
      }
    }
    for (const upload of added) await this.compare(upload);
  }

  /** Puts it into line, unless the library has it. */
  private async compare(upload: Upload): Promise<void> {
    const isWanted = () => this.uploads.includes(upload) && upload.state === 'comparing';
    // Who cannot ask uploads: that one fails by itself, and says why.
    const known = await findKnown(upload.file!, isWanted).catch(() => undefined);
    if (!isWanted()) return;
    if (known) upload.set('known', t.uploads.known(known.name));
    else {
      await this.journal.save(upload.entry);
      upload.set('waiting');
    }
    this.next();
  }

  /** Goes on with one, asking for its file again where that is needed. */
  async resume(upload: Upload): Promise<void> {
    if (upload.state === 'needsPermission') await this.reopen(upload, true);
    else if (upload.file) {
      await this.journal.save(upload.entry);
      upload.set('waiting');
    } else upload.set('needsFile');
    this.next();
  }

  pauseAll(): void {
    for (const upload of this.uploads) if (isActive(upload)) upload.pause();
  }

  resumeAll(): void {
    for (const upload of this.uploads) if (upload.state === 'paused') void this.resume(upload);
  }

  /** Takes it out of the list. What has arrived of it is dropped by the vault in time. */
  async remove(upload: Upload): Promise<void> {
    const wasUnfinished = upload.state !== 'done' && upload.entry.videoId;
    upload.pause();
    this.uploads = this.uploads.filter((one) => one !== upload);
    this.changed();
    await this.journal.remove(upload.entry.key);
    if (wasUnfinished) await api.remove(upload.entry.videoId!).catch(() => undefined);
    this.next();
  }

  clearDone(): void {
    this.uploads = this.uploads.filter((upload) => upload.state !== 'done');
    this.changed();
  }

  /** Whether the file belongs to an upload that is there: one that waited for it goes on. */
  private takeUp(file: File, handle?: FileSystemFileHandle): boolean {
    const same = this.uploads.find((upload) => upload.fits(file) && upload.state !== 'done' && upload.state !== 'failed');
    if (!same) return false;
    if (same.state !== 'needsFile' && same.state !== 'needsPermission') {
      tell(t.uploads.duplicate(file.name));
      return true;
    }
    same.file = file;
    if (handle) same.entry.handle = handle;
    same.set('waiting');
    return true;
  }

  private async reopen(upload: Upload, mayAsk: boolean): Promise<void> {
    const handle = upload.entry.handle as (FileSystemFileHandle & Permissions) | undefined;
    try {
      const permission = mayAsk ? await handle?.requestPermission?.({ mode: 'read' }) : await handle?.queryPermission?.({ mode: 'read' });
      if (permission !== 'granted') {
        upload.set(permission === 'prompt' ? 'needsPermission' : 'needsFile');
        return;
      }
      const file = await handle!.getFile();
      if (upload.fits(file)) {
        upload.file = file;
        upload.set('waiting');
        this.next();
      } else upload.set('failed', t.uploads.changed);
    } catch {
      upload.set('needsFile');
    }
  }

  private follow(upload: Upload): Upload {
    upload.addEventListener('change', () => this.changed());
    this.uploads = [...this.uploads, upload];
    return upload;
  }

  private next(): void {
    const free = atOnce - this.uploads.filter((upload) => upload.state === 'sending' || upload.state === 'lost').length;
    for (const upload of this.uploads.filter((one) => one.state === 'waiting' && one.file).slice(0, Math.max(0, free)))
      void upload.run().finally(() => this.next());
    this.changed();
  }

  private isOnlyTab(): Promise<boolean> {
    // Only pages by https and on localhost have locks.
    if (!navigator.locks) return Promise.resolve(true);
    return new Promise((done) => {
      void navigator.locks.request('tgvault-uploads', { ifAvailable: true }, (lock) => {
        done(lock !== null);
        return lock ? new Promise(() => undefined) : undefined;
      });
    });
  }

  private changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

interface Permissions {
  queryPermission?(wanted: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(wanted: { mode: 'read' }): Promise<PermissionState>;
}

export const isActive = (upload: Upload): boolean => ['waiting', 'sending', 'lost'].includes(upload.state);

export const queue = new UploadQueue();
