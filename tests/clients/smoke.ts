// A client as openapi-typescript and openapi-fetch make it from a running vault's own description: type-checked, then run against it.
// Reads VAULT and KEY from the environment; ends with a line `ok`.
import createClient from 'openapi-fetch';
import type { components, paths } from './api';

declare const process: { env: Record<string, string | undefined>; exit(code: number): never };

const vault = process.env.VAULT ?? '';
const api = createClient<paths>({ baseUrl: vault, headers: { 'X-Api-Key': process.env.KEY ?? '' } });

type Problem = components['schemas']['Problem'];
type Answer<T> = { data?: T; error?: Problem; response: Response };

function given<T>({ data, error, response }: Answer<T>): T {
  if (data === undefined) throw new Error(`${response.status} ${error?.code}: ${error?.detail}`);
  return data;
}

function same(what: string, actual: unknown, expected: unknown) {
  if (actual !== expected) throw new Error(`${what} is ${actual} instead of ${expected}`);
}

const bytes = new TextEncoder().encode('Hello from TypeScript');
const announcement = {
  body: { name: 'typescript.txt', size: bytes.length, contentType: 'text/plain', tags: ['smoke'] },
  params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
};
const upload = given(await api.POST('/api/uploads', announcement));
same('the id of the same announcement', given(await api.POST('/api/uploads', announcement)).id, upload.id);
const sent = await fetch(upload.uploadUrl, {
  method: 'PUT',
  headers: { 'x-ms-blob-type': 'BlockBlob', 'content-type': 'text/plain' },
  body: bytes,
});
same('the status of the upload', sent.status, 201);

const path = { id: upload.id };
let video: components['schemas']['Video'];
let tag: string | null;
do {
  await new Promise((resolve) => setTimeout(resolve, 100));
  const shown = await api.GET('/api/videos/{id}', { params: { path } });
  video = given(shown);
  tag = shown.response.headers.get('etag');
  if (video.status === 'failed') throw new Error(video.failure);
} while (video.status !== 'ready' || video.stage !== 'done');

const change = { description: 'Hello' };
const seen = { params: { path, header: { 'If-Match': tag ?? '' } }, body: change };
same('the description', given(await api.PATCH('/api/videos/{id}', seen)).description, 'Hello');
const late = await api.PATCH('/api/videos/{id}', seen);
same('the code of a change that comes late', late.error?.code, 'preconditionFailed' satisfies Problem['code']);

const page = given(await api.GET('/api/videos', { params: { query: { tag: 'smoke', limit: 200 } } }));
same('whether it is listed', page.videos.some((one) => one.id === upload.id), true);
const link = given(await api.POST('/api/videos/{id}/links', { params: { path }, body: { ttl: 60, kinds: ['mp4'] } }));
same('what the link plays', await (await fetch(link.url ?? '')).text(), 'Hello from TypeScript');

const events = await api.GET('/api/videos/{id}/events', { params: { path }, parseAs: 'text' });
const told: components['schemas']['VideoEvent']['event'] = 'video';
same('whether it is told of', String(events.data).startsWith(`event: ${told}\ndata: {`), true);

const removed = await api.DELETE('/api/videos/{id}', { params: { path, query: { permanent: true } } });
same('the status of the removal', given(removed).status, 'deleting');
console.log('ok');
