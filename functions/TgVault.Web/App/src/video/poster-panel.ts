import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { address, api } from '../api/client';
import type { Video } from '../api/types';
import { clock } from '../format';
import { base } from '../styles/base';
import { t } from '../texts';
import { placeholderOf } from './states';

/** More than any screen that a poster is shown on; the vault makes it smaller still. */
const longestSide = 2560;

/** The picture that stands for a video: to choose from it, or from a file. Tells `changed` with the video. */
@customElement('poster-panel')
export class PosterPanel extends LitElement {
  static override styles = [
    base,
    css`
      .beside {
        display: grid;
        grid-template-columns: minmax(8rem, 14rem) minmax(12rem, 1fr);
        gap: 1rem;
        align-items: start;
      }
      .picture {
        position: relative;
        aspect-ratio: 16 / 9;
        border-radius: var(--radius);
        overflow: hidden;
        border: 1px solid var(--line);
      }
      .picture img,
      .placeholder {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        object-fit: cover;
      }
      .placeholder {
        display: grid;
        place-items: center;
        background: var(--card);
      }
      @media (max-width: 32rem) {
        .beside {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  @property({ attribute: false }) video!: Video;
  /** Where the player is, in seconds. */
  @property({ attribute: false }) now: () => number = () => 0;
  @state() private words = '';
  @state() private problem = '';
  @state() private isBusy = false;

  protected override render(): TemplateResult {
    const { poster } = this.video;
    const picture = poster?.sizes[1] ?? poster?.sizes[0];
    return html`<section class="card stack" aria-labelledby="poster-title">
      <h2 id="poster-title">${t.poster.title}</h2>
      <div class="beside">
        <div class="picture">
          ${picture ? html`<img src=${address(picture.url)} alt=${t.poster.of(this.video.name)} />` : placeholderOf(this.video)}
        </div>
        <div class="stack">
          <p class="soft small">${t.poster.lead}</p>
          <button type="button" ?disabled=${this.isBusy} @click=${this.take}>${t.poster.take}</button>
          <label>${t.poster.file}<input type="file" accept="image/*" ?disabled=${this.isBusy} @change=${this.put} /></label>
          <p class="soft small" role="status">${poster?.status === 'waiting' ? t.poster.waiting : this.words || nothing}</p>
          ${poster?.status === 'failed' ? html`<p class="soft small">${poster.failure}</p>` : nothing}
          ${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}
        </div>
      </div>
    </section>`;
  }

  private take(): void {
    const seconds = this.now();
    void this.send(t.poster.taken(clock(seconds)), () => api.choosePoster(this.video.id, seconds));
  }

  private put(event: Event): void {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (!file) return;
    void this.send(t.poster.put(file.name), async () => api.putPoster(this.video.id, await jpegOf(file))).finally(() => {
      input.value = '';
    });
  }

  private async send(words: string, ask: () => Promise<Video>): Promise<void> {
    this.isBusy = true;
    this.problem = '';
    try {
      const video = await ask();
      this.words = words;
      this.dispatchEvent(new CustomEvent('changed', { detail: video }));
    } catch (problem) {
      this.problem = (problem as Error).message;
    } finally {
      this.isBusy = false;
    }
  }
}

/** Whatever picture this browser can show, as the JPEG that the vault takes. */
async function jpegOf(file: File): Promise<Blob> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    throw new Error(t.poster.noPicture);
  }
  const scale = Math.min(1, longestSide / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const jpeg = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.92));
  if (!jpeg) throw new Error(t.poster.noPicture);
  return jpeg;
}
