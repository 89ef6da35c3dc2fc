import { address } from './client';
import type { Video } from './types';

/** What changes in the library: `video` and `removed` with the video, `connected` when something may have been missed, `lost`. */
class Live extends EventTarget {
  private source?: EventSource;
  private wasLost = false;

  start(): void {
    if (this.source) return;
    const source = new EventSource(address('api/events'));
    this.source = source;
    source.addEventListener('video', (event) => this.tell('video', event));
    source.addEventListener('removed', (event) => this.tell('removed', event));
    source.addEventListener('open', () => {
      if (this.wasLost) this.dispatchEvent(new Event('connected'));
      this.wasLost = false;
    });
    source.addEventListener('error', () => {
      this.wasLost = true;
      this.dispatchEvent(new Event('lost'));
      if (source.readyState !== EventSource.CLOSED || this.source !== source) return;
      // Browsers come back by themselves after a cut, not after a refusal.
      this.source = undefined;
      setTimeout(() => this.start(), 5000);
    });
  }

  stop(): void {
    this.source?.close();
    this.source = undefined;
  }

  private tell(name: string, event: MessageEvent<string>): void {
    this.dispatchEvent(new CustomEvent<Video>(name, { detail: JSON.parse(event.data) }));
  }
}

export const live = new Live();
