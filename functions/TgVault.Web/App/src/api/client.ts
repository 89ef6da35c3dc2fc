import type {
  About,
  Delivery,
  Edit,
  Key,
  KeyScope,
  Link,
  LinkPage,
  Lists,
  MadeWebhook,
  Order,
  Playable,
  Upload,
  VaultStatus,
  Video,
  VideoPage,
  Webhook,
  WebhookEvent,
} from './types';

/** What the vault said no with, in its own words; status 0: it did not answer. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Told by window when the session is over. */
export const signedOutEvent = 'tgvault-signed-out';

export const address = (path: string): string => new URL(path, document.baseURI).href;

/** Answers that are on their way before who wants them is there. */
const ahead = new Map<string, Promise<Response>>();
/** So long, in milliseconds, such an answer may wait: later it would be none of now. */
const aheadMs = 5000;

/** Begins to ask for what a page will ask first, so that this need not wait for the page's script. */
function askAhead(path: string): void {
  const answer = fetch(address(path), { credentials: 'same-origin' });
  answer.catch(() => ahead.delete(path));
  ahead.set(path, answer);
  setTimeout(() => ahead.delete(path), aheadMs);
}

async function call<T>(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<T> {
  let answer: Response;
  const asked = method === 'GET' ? ahead.get(path) : undefined;
  ahead.delete(path);
  try {
    answer = await (asked ??
      fetch(address(path), {
        method,
        credentials: 'same-origin',
        headers: body === undefined ? {} : { 'content-type': contentType },
        body: body === undefined ? null : contentType === 'application/json' ? JSON.stringify(body) : (body as BodyInit),
      }));
  } catch {
    throw new ApiProblem(0, 'The vault does not answer. Is it running, and is this device online?');
  }
  if (answer.status === 204) return undefined as T;
  const read = await answer.json().catch(() => undefined);
  if (answer.ok) return read;
  if (answer.status === 401 && path !== 'api/session') window.dispatchEvent(new Event(signedOutEvent));
  throw new ApiProblem(answer.status, read?.detail ?? `The vault answered ${answer.status}.`);
}

const video = (id: string) => `api/videos/${encodeURIComponent(id)}`;

const webhook = (id: string) => `api/webhooks/${encodeURIComponent(id)}`;

export interface Listing {
  search?: string;
  folder?: string;
  /** Also what lies in the folder's folders. */
  below?: boolean;
  tag?: string;
  status?: string;
  /** Bytes of the uploaded file. */
  size?: number;
  order?: Order;
  limit?: number;
  continuation?: string;
}

function query(values: object): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return given.length > 0 ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : '';
}

export const api = {
  session: () => call<{ signedIn: boolean }>('GET', 'api/session'),
  signIn: (by: { key: string } | { code: string }) => call<{ signedIn: boolean }>('POST', 'api/session', by),
  signOut: () => call<void>('DELETE', 'api/session'),
  status: () => call<VaultStatus>('GET', 'api/status'),
  about: () => call<About>('GET', 'api/vault'),
  keys: () => call<{ keys: Key[] }>('GET', 'api/keys'),
  makeKey: (name: string, scope: KeyScope) => call<{ key: Key; secret: string }>('POST', 'api/keys', { name, scope }),
  revokeKey: (id: string) => call<void>('DELETE', `api/keys/${encodeURIComponent(id)}`),
  linkKeys: () => call<{ keys: Key[] }>('GET', 'api/link-keys'),
  makeLinkKey: (name: string) => call<{ key: Key; secret: string; baseUrl: string }>('POST', 'api/link-keys', { name }),
  revokeLinkKey: (id: string) => call<void>('DELETE', `api/link-keys/${encodeURIComponent(id)}`),
  webhooks: () => call<{ webhooks: Webhook[] }>('GET', 'api/webhooks'),
  makeWebhook: (wanted: { url: string; events: WebhookEvent[]; label: string }) => call<MadeWebhook>('POST', 'api/webhooks', wanted),
  changeWebhook: (id: string, change: { url?: string; events?: WebhookEvent[]; label?: string; enabled?: boolean }) =>
    call<Webhook>('PATCH', webhook(id), change),
  removeWebhook: (id: string) => call<void>('DELETE', webhook(id)),
  rotateWebhook: (id: string) => call<MadeWebhook>('POST', `${webhook(id)}/secrets`),
  testWebhook: (id: string) => call<Delivery>('POST', `${webhook(id)}/tests`),
  deliveries: (id: string) => call<{ deliveries: Delivery[] }>('GET', `${webhook(id)}/deliveries`),
  redeliver: (id: string, message: string) => call<Delivery>('POST', `${webhook(id)}/deliveries/${encodeURIComponent(message)}/tries`),
  list: (listing: Listing) => call<VideoPage>('GET', `api/videos${query(listing)}`),
  lists: () => call<Lists>('GET', 'api/lists'),
  changeMany: (ids: string[], change: { folder?: string; addTags?: string[]; removeTags?: string[] }) =>
    call<{ videos: Edit[] }>('PATCH', 'api/videos', { ids, ...change }).then((answer) => answer.videos),
  removeMany: (ids: string[], permanent: boolean) =>
    call<{ videos: Edit[] }>('POST', 'api/videos/removals', { ids, permanent }).then((answer) => answer.videos),
  show: (id: string) => call<Video>('GET', video(id)),
  change: (id: string, change: Partial<Pick<Video, 'name' | 'folder' | 'tags' | 'description'>>) => call<Video>('PATCH', video(id), change),
  remove: (id: string, permanent = false) => call<Video>('DELETE', `${video(id)}${query({ permanent: permanent || undefined })}`),
  restore: (id: string) => call<Video>('POST', `${video(id)}/restore`),
  retry: (id: string) => call<Video>('POST', `${video(id)}/retry`),
  player: (id: string) => call<Playable>('GET', `${video(id)}/player`),
  /** Asks for what the page of a video asks first, before that page is there. */
  showAhead: (id: string) => askAhead(video(id)),
  link: (id: string, wanted: { ttl: number; kinds: string[]; origins: string[]; label: string }) =>
    call<Link>('POST', `${video(id)}/links`, wanted),
  links: (id: string, continuation?: string) => call<LinkPage>('GET', `${video(id)}/links${query({ limit: 20, continuation })}`),
  revoke: (linkId: string) => call<unknown>('DELETE', `api/links/${encodeURIComponent(linkId)}`),
  revokeAll: (id: string) => call<unknown>('DELETE', `${video(id)}/links`),
  putCaptions: (id: string, language: string, name: string, text: Blob, type: string) =>
    call<unknown>('PUT', `${video(id)}/captions/${encodeURIComponent(language)}${query({ name })}`, text, type),
  removeCaptions: (id: string, language: string) => call<Video>('DELETE', `${video(id)}/captions/${encodeURIComponent(language)}`),
  choosePoster: (id: string, at: number) => call<Video>('POST', `${video(id)}/poster`, { at }),
  putPoster: (id: string, picture: Blob) => call<Video>('PUT', `${video(id)}/poster`, picture, 'image/jpeg'),
  announce: (upload: { name: string; size: number; contentType?: string; folder?: string }) => call<Upload>('POST', 'api/uploads', upload),
  renew: (id: string) => call<Upload>('POST', `api/uploads/${encodeURIComponent(id)}/renew`),
};
