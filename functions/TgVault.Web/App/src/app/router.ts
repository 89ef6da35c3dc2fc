/** Addresses of the app below the vault's own path, as the page's base element has it. */
const base = new URL('./', document.baseURI).pathname;

export type Place = { page: 'library' | 'settings' | 'signin' | 'unknown' } | { page: 'video'; id: string };

export function readPlace(): Place {
  const path = location.pathname.slice(base.length).replace(/\/$/, '');
  if (path === '') return { page: 'library' };
  if (path === 'settings' || path === 'signin') return { page: path };
  const [, id] = /^videos\/([0-9a-z]+)$/.exec(path) ?? [];
  return id ? { page: 'video', id } : { page: 'unknown' };
}

/** An address in the app, for links. */
export const to = {
  library: base,
  settings: `${base}settings`,
  video: (id: string) => `${base}videos/${id}`,
};

const movedEvent = 'tgvault-moved';

export function navigate(path: string, replaces = false): void {
  if (replaces) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  window.dispatchEvent(new Event(movedEvent));
}

/** Tells of every change of the address, and takes clicks on the app's own links. */
export function followPlace(moved: () => void): void {
  window.addEventListener('popstate', moved);
  window.addEventListener(movedEvent, moved);
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((one): one is HTMLAnchorElement => one instanceof HTMLAnchorElement);
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    const path = link.pathname.slice(base.length);
    if (!link.pathname.startsWith(base) || !/^($|settings$|videos\/)/.test(path)) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}
