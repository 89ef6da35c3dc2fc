import type { Order, Status, Video } from '../api/types';
import { to } from '../app/router';
import { t } from '../texts';

/** What narrows the library, and its order. It stands in the page's address. */
export interface Filter {
  search: string;
  folder: string;
  tag: string;
  status: Status | '';
  order: Order;
}

export const noFilter: Filter = { search: '', folder: '', tag: '', status: '', order: 'newest' };

export const isSame = (one: Filter, other: Filter): boolean => query(one) === query(other);

/** Whether the order may be chosen: in another than the newest first the vault lists the whole library, a folder and a tag. */
export const canOrder = (filter: Filter): boolean => !filter.search && !filter.status;

export function read(address: string): Filter {
  const asked = new URLSearchParams(address);
  const filter: Filter = {
    search: asked.get('search') ?? '',
    folder: asked.get('folder') ?? '',
    tag: asked.get('tag') ?? '',
    status: (asked.get('status') ?? '') as Status | '',
    order: orderOf(asked.get('order')),
  };
  return canOrder(filter) ? filter : { ...filter, order: 'newest' };
}

export const addressOf = (filter: Filter): string => `${to.library}${query(filter)}`;

/** Whether a video is in the list, as far as can be told without the vault: what a search finds is the vault's to say. */
export function has(filter: Filter, video: Video): boolean {
  const { folder, tag, status } = filter;
  return (
    (!folder || video.folder === folder || video.folder.startsWith(`${folder}/`)) &&
    (!tag || video.tags.includes(tag)) &&
    (status ? video.status === status : video.status !== 'trashed')
  );
}

const orderOf = (word: string | null): Order => (word !== null && Object.hasOwn(t.library.orders, word) ? (word as Order) : 'newest');

function query(filter: Filter): string {
  const given = Object.entries(filter).filter(([name, value]) => value && value !== noFilter[name as keyof Filter]);
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
}
