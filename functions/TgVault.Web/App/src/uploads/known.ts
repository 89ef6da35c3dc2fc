import { api } from '../api/client';
import type { Video } from '../api/types';

const most = 200;
/** Read and summed up at once: a piece takes a few milliseconds, so the page goes on meanwhile. */
const pieceBytes = 1 << 20;

/**
 * The video of this file that the library has, whatever it is called there. Sizes are compared first, which costs no reading; where one is
 * the same, SHA-256 decides. Of what an earlier version stored nobody knows the hash: there the name decides.
 */
export async function findKnown(file: File, isWanted: () => boolean): Promise<Video | undefined> {
  const { videos } = await api.list({ size: file.size, limit: most });
  const alike = videos.filter((video) => video.status !== 'waiting' && video.status !== 'deleting');
  const named = alike.find((video) => !video.sha256 && video.name === file.name);
  if (!alike.some((video) => video.sha256)) return named;
  const hash = await hashOf(file, isWanted);
  return alike.find((video) => video.sha256 === hash) ?? named;
}

/** In lower-case hex; undefined once nobody wants it any more. The browser's own takes a whole file at once, and over https only. */
async function hashOf(file: File, isWanted: () => boolean): Promise<string | undefined> {
  const { sha256 } = await import('@noble/hashes/sha2.js');
  const sum = sha256.create();
  for (let start = 0; start < file.size; start += pieceBytes) {
    if (!isWanted()) return undefined;
    sum.update(new Uint8Array(await file.slice(start, start + pieceBytes).arrayBuffer()));
  }
  return Array.from(sum.digest(), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
