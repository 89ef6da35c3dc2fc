const keys = [' ', 'k', 'j', 'l', 'f', 'm', 'c', 'p', '<', '>', '?', 'ArrowLeft', 'ArrowRight'];
const scrolling = ['ArrowUp', 'ArrowDown'];

/**
 * Hands the player's keys to its controls, wherever on the page they are pressed, save where one writes or chooses. Where the page
 * scrolls, up and down are the page's. False where the key is none of the player's.
 */
export function handKeys(event: KeyboardEvent, controls: Element): boolean {
  const [target] = event.composedPath();
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !(target instanceof HTMLElement)) return false;
  if (target !== document.body && target.id !== 'main') return false;
  const root = document.documentElement;
  const scrolls = root.scrollHeight > root.clientHeight;
  if (!keys.includes(event.key) && (scrolls || !scrolling.includes(event.key))) return false;
  event.preventDefault();
  const { key, shiftKey } = event;
  controls.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey }));
  controls.dispatchEvent(new KeyboardEvent('keyup', { key, shiftKey }));
  return true;
}
