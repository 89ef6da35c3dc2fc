/** A file to upload, and the folder that it lay in. */
export interface Dropped {
  file: File;
  folder: string;
  /** Lets the browser read the file again after a reload, where it can. */
  handle?: FileSystemFileHandle;
}

// Chromium has it; the others' entries can be read, but not kept.
declare global {
  interface DataTransferItem {
    getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
  }
}

const media = /\.(mp4|m4v|mkv|webm|mov|avi|m?ts|m2ts|mpe?g|wmv|flv|og[gv]|3gp|mp3|m4a|flac|opus|wav|aac|vob)$/i;

/** The files of a drop, and those in dropped folders. Of a folder only what is media: it holds much that nobody means. */
export async function readDropped(transfer: DataTransfer): Promise<Dropped[]> {
  // The list of a drop is empty once this turn is over.
  const taken = [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => ({ handle: item.getAsFileSystemHandle?.(), entry: item.webkitGetAsEntry?.(), file: item.getAsFile() }));
  const found: Dropped[] = [];
  for (const { handle: asked, entry, file } of taken) {
    const handle = await asked?.catch(() => null);
    if (handle instanceof FileSystemDirectoryHandle) await walkHandle(handle, handle.name, found);
    else if (handle instanceof FileSystemFileHandle) found.push({ file: await handle.getFile(), folder: '', handle });
    else if (entry?.isDirectory) await walkEntry(entry as FileSystemDirectoryEntry, entry.name, found);
    else if (file) found.push({ file, folder: '' });
  }
  return found;
}

/** The files of a file input; one for folders knows where each lay. */
export function readChosen(input: HTMLInputElement): Dropped[] {
  const isFolder = input.webkitdirectory;
  return [...(input.files ?? [])]
    .map((file) => ({ file, folder: file.webkitRelativePath.split('/').slice(0, -1).join('/') }))
    .filter(({ file }) => !isFolder || isWanted(file.name));
}

const isWanted = (name: string) => !name.startsWith('.') && media.test(name);

async function walkHandle(folder: FileSystemDirectoryHandle, path: string, found: Dropped[]): Promise<void> {
  for await (const one of folder.values()) {
    if (one.kind === 'directory') await walkHandle(one, `${path}/${one.name}`, found);
    else if (isWanted(one.name)) found.push({ file: await one.getFile(), folder: path, handle: one });
  }
}

async function walkEntry(folder: FileSystemDirectoryEntry, path: string, found: Dropped[]): Promise<void> {
  const reader = folder.createReader();
  // A reader gives at most a hundred at a time, and nothing at the end.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (entries.length === 0) return;
    for (const one of entries) {
      if (one.isDirectory) await walkEntry(one as FileSystemDirectoryEntry, `${path}/${one.name}`, found);
      else if (isWanted(one.name)) {
        const file = await new Promise<File>((done, failed) => (one as FileSystemFileEntry).file(done, failed));
        found.push({ file, folder: path });
      }
    }
  }
}
