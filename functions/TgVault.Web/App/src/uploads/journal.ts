/** What is known of an upload after the page was closed. */
export interface JournalEntry {
  key: string;
  name: string;
  size: number;
  lastModified: number;
  contentType: string;
  folder: string;
  blockBytes: number;
  videoId?: string;
  handle?: FileSystemFileHandle;
}

const entries = 'uploads';
const blocks = 'blocks';

/**
 * Uploads under way and the blocks that have arrived, in IndexedDB: storage drops nothing of an upload for a week, but tells no page
 * what it has. Where there is no IndexedDB, an upload lives as long as its page.
 */
export class Journal {
  private readonly database = open();

  async load(): Promise<{ entry: JournalEntry; arrived: number[] }[]> {
    const all = await this.run<JournalEntry[]>(entries, 'readonly', (store) => store.getAll());
    const found: { entry: JournalEntry; arrived: number[] }[] = [];
    for (const entry of all ?? []) {
      const keys = await this.run<IDBValidKey[]>(blocks, 'readonly', (store) => store.getAllKeys(rangeOf(entry.key)));
      found.push({ entry, arrived: (keys ?? []).map((key) => (key as [string, number])[1]) });
    }
    return found;
  }

  async save(entry: JournalEntry): Promise<void> {
    await this.run(entries, 'readwrite', (store) => store.put(entry));
  }

  async arrived(key: string, block: number): Promise<void> {
    await this.run(blocks, 'readwrite', (store) => store.put(1, [key, block]));
  }

  async forgetBlocks(key: string): Promise<void> {
    await this.run(blocks, 'readwrite', (store) => store.delete(rangeOf(key)));
  }

  async remove(key: string): Promise<void> {
    await this.forgetBlocks(key);
    await this.run(entries, 'readwrite', (store) => store.delete(key));
  }

  private async run<T>(name: string, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest): Promise<T | undefined> {
    const database = await this.database;
    if (!database) return undefined;
    return new Promise((done) => {
      try {
        const transaction = database.transaction(name, mode);
        const request = work(transaction.objectStore(name));
        transaction.oncomplete = () => done(request.result);
        transaction.onabort = () => done(undefined);
      } catch {
        done(undefined);
      }
    });
  }
}

const rangeOf = (key: string) => IDBKeyRange.bound([key, 0], [key, Number.MAX_SAFE_INTEGER]);

function open(): Promise<IDBDatabase | undefined> {
  return new Promise((done) => {
    try {
      const request = indexedDB.open('tgvault', 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(entries, { keyPath: 'key' });
        request.result.createObjectStore(blocks);
      };
      request.onsuccess = () => done(request.result);
      request.onerror = () => done(undefined);
      request.onblocked = () => done(undefined);
    } catch {
      done(undefined);
    }
  });
}
