/**
 * The two requests of Azure's Blob service that an upload takes (Put Block, Put Block List). Written out: the library for it is larger
 * than the rest of the app, and does not go on after a reload.
 */

/** Storage said no; 0: it did not answer, or the connection broke. */
export class BlobProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`${status} ${code}`);
  }
}

/** Sends one block. @param sent is told how many bytes of it have left. */
export function putBlock(url: string, block: number, content: Blob, sent: (bytes: number) => void, signal: AbortSignal): Promise<void> {
  return put(`${url}${joint(url)}comp=block&blockid=${encodeURIComponent(blockId(block))}`, content, {}, sent, signal);
}

/** Makes a blob of the blocks from 0 on. */
export function putBlockList(url: string, count: number, contentType: string, signal: AbortSignal): Promise<void> {
  const list = Array.from({ length: count }, (_, block) => `<Latest>${blockId(block)}</Latest>`).join('');
  const body = new Blob([`<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`], { type: 'application/xml' });
  return put(`${url}${joint(url)}comp=blocklist`, body, { 'x-ms-blob-content-type': contentType }, () => undefined, signal);
}

const joint = (url: string) => (url.includes('?') ? '&' : '?');

/** All ids of a blob have to be of one length. */
const blockId = (block: number) => btoa(String(block).padStart(8, '0'));

// fetch does not tell how much has been sent.
function put(url: string, body: Blob, headers: Record<string, string>, sent: (bytes: number) => void, signal: AbortSignal): Promise<void> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    const end = (problem?: BlobProblem) => {
      signal.removeEventListener('abort', stop);
      if (problem) failed(problem);
      else done();
    };
    request.upload.onprogress = (event) => sent(event.loaded);
    request.onload = () => {
      // The header that has it too is not among those that pages may read.
      const code = /<Code>(\w+)<\/Code>/.exec(request.responseText)?.[1] ?? '';
      end(request.status >= 200 && request.status < 300 ? undefined : new BlobProblem(request.status, code));
    };
    request.onerror = () => end(new BlobProblem(0, ''));
    request.onabort = () => end(new BlobProblem(0, 'aborted'));
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    signal.addEventListener('abort', stop);
    request.send(body);
  });
}
