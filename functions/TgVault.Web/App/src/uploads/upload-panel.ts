import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { icons } from '../app/icons';
import { to } from '../app/router';
import { bytes, span } from '../format';
import { library } from '../library/store';
import { base } from '../styles/base';
import { t } from '../texts';
import { stageOf, waitOf } from '../video/states';
import { readChosen } from './dropped';
import { isActive, queue } from './queue';
import type { Upload } from './upload';

/** The queue of uploads, over whichever page is looked at. */
@customElement('upload-panel')
export class UploadPanel extends LitElement {
  static override styles = [
    base,
    css`
      aside {
        position: fixed;
        right: 1rem;
        bottom: 1rem;
        z-index: 25;
        width: min(26rem, calc(100vw - 2rem));
        max-height: min(30rem, 70vh);
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        background: var(--raised);
        border: 1px solid var(--line);
        border-radius: 14px;
        box-shadow: var(--shadow);
        overflow: hidden;
      }
      .head {
        display: flex;
        align-items: center;
        gap: 0.25rem;
        padding: 0.45rem 0.5rem 0.45rem 1rem;
        border-bottom: 1px solid var(--line);
      }
      .head h2 {
        font-size: 1rem;
        margin-inline-end: auto;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        overflow-y: auto;
      }
      li {
        padding: 0.7rem 0.5rem 0.7rem 1rem;
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0.15rem 0.5rem;
        align-items: center;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      .name {
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .state {
        grid-column: 1;
      }
      .buttons {
        grid-row: 1 / span 2;
        grid-column: 2;
        display: flex;
      }
      progress {
        grid-column: 1 / -1;
        margin-top: 0.3rem;
      }
      .collapsed ul {
        display: none;
      }
    `,
  ];

  /** Whether the page is about something else: then only its head is shown, until one opens it. */
  @property({ type: Boolean }) quiet = false;
  @state() private isCollapsed = false;
  private drawing = false;

  override connectedCallback(): void {
    super.connectedCallback();
    queue.addEventListener('change', this.changed);
    library.addEventListener('change', this.changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    queue.removeEventListener('change', this.changed);
    library.removeEventListener('change', this.changed);
  }

  private changed = (): void => {
    if (this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => {
      this.drawing = false;
      this.requestUpdate();
    });
  };

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('quiet')) this.isCollapsed = this.quiet;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { uploads } = queue;
    if (uploads.length === 0) return nothing;
    const active = uploads.filter((upload) => upload.state !== 'done' && upload.state !== 'failed').length;
    const done = uploads.filter((upload) => upload.state === 'done').length;
    const isRunning = uploads.some(isActive);
    return html`<aside class=${this.isCollapsed ? 'collapsed' : ''} aria-label=${t.uploads.title}>
      <div class="head">
        <h2>${t.uploads.title} <span class="soft small numbers">${t.uploads.summary(active, done)}</span></h2>
        ${
          active > 1
            ? html`<button class="quiet small" type="button" @click=${() => (isRunning ? queue.pauseAll() : queue.resumeAll())}>
              ${isRunning ? t.uploads.pauseAll : t.uploads.resumeAll}
            </button>`
            : nothing
        }
        ${
          done > 0 ? html`<button class="quiet small" type="button" @click=${() => queue.clearDone()}>${t.uploads.clear}</button>` : nothing
        }
        <button
          class="quiet icon"
          type="button"
          aria-expanded=${!this.isCollapsed}
          aria-label=${this.isCollapsed ? t.uploads.show : t.uploads.hide}
          @click=${() => {
            this.isCollapsed = !this.isCollapsed;
          }}
        >
          <span style=${this.isCollapsed ? 'rotate: 180deg; display: flex' : 'display: flex'}>${icons.down}</span>
        </button>
      </div>
      <input id="again" type="file" multiple hidden aria-label=${t.uploads.files} @change=${this.take} />
      <ul>
        ${repeat(
          uploads,
          (upload) => upload.entry.key,
          (upload) => this.renderUpload(upload),
        )}
      </ul>
    </aside>`;
  }

  private take(event: Event): void {
    const input = event.target as HTMLInputElement;
    void queue.add(readChosen(input), '');
    input.value = '';
  }

  private renderUpload(upload: Upload): TemplateResult {
    const { entry, state } = upload;
    const video = entry.videoId ? library.find(entry.videoId) : undefined;
    const share = state === 'done' ? ingestShare(video) : entry.size > 0 ? upload.sentBytes / entry.size : 0;
    const isOver = state === 'done' && (!video || video.status === 'ready' || video.status === 'failed');
    return html`<li>
      <span class="name" title=${entry.name}
        >${video && state === 'done' ? html`<a href=${to.video(video.id)}>${entry.name}</a>` : entry.name}</span
      >
      <span class="state soft small numbers ${state === 'failed' || video?.status === 'failed' ? 'error' : ''}"
        >${describe(upload, video)}</span
      >
      <span class="buttons">
        ${
          isActive(upload)
            ? html`<button
              class="quiet icon"
              type="button"
              title=${t.uploads.pause}
              aria-label="${t.uploads.pause}: ${entry.name}"
              @click=${() => upload.pause()}
            >
              ${icons.pause}
            </button>`
            : nothing
        }
        ${
          state === 'paused' || state === 'needsPermission' || state === 'failed' || state === 'known'
            ? html`<button
              class="quiet icon"
              type="button"
              title=${state === 'failed' ? t.uploads.retry : state === 'known' ? t.uploads.uploadAnyway : t.uploads.resume}
              aria-label="${
                state === 'failed' ? t.uploads.retry : state === 'known' ? t.uploads.uploadAnyway : t.uploads.resume
              }: ${entry.name}"
              @click=${() => queue.resume(upload)}
            >
              ${state === 'failed' ? icons.retry : icons.play}
            </button>`
            : nothing
        }
        ${
          state === 'needsFile'
            ? html`<button
              class="quiet icon"
              type="button"
              title=${t.uploads.files}
              aria-label="${t.uploads.files}: ${entry.name}"
              @click=${() => this.renderRoot.querySelector<HTMLInputElement>('#again')?.click()}
            >
              ${icons.file}
            </button>`
            : nothing
        }
        ${
          state === 'done'
            ? nothing
            : html`<button
              class="quiet icon"
              type="button"
              title=${t.uploads.remove}
              aria-label="${t.uploads.remove}: ${entry.name}"
              @click=${() => queue.remove(upload)}
            >
              ${icons.close}
            </button>`
        }
      </span>
      ${isOver ? nothing : html`<progress aria-label=${entry.name} max="1" .value=${share}></progress>`}
    </li>`;
  }
}

type Found = ReturnType<typeof library.find>;

function ingestShare(video: Found): number {
  const { progress } = video ?? {};
  return progress && progress.bytesTotal > 0 ? progress.bytesDone / progress.bytesTotal : 0;
}

function describe(upload: Upload, video: Found): string {
  const { entry, state } = upload;
  const sent = t.uploads.of(bytes(upload.sentBytes), bytes(entry.size));
  switch (state) {
    case 'sending': {
      const { rate } = upload;
      if (rate <= 0) return sent;
      return `${sent} · ${t.uploads.sending(`${bytes(rate)}/s`, span((entry.size - upload.sentBytes) / rate))}`;
    }
    case 'lost':
      return `${sent} · ${t.uploads.lost}`;
    case 'paused':
      return `${sent} · ${t.uploads.paused}`;
    case 'needsFile':
      return t.uploads.needsFile;
    case 'needsPermission':
      return t.uploads.needsPermission;
    case 'comparing':
      return t.uploads.comparing;
    case 'waiting':
      return t.uploads.waiting;
    case 'known':
    case 'failed':
      return upload.words;
    default:
      if (video?.status === 'ingesting') return waitOf(video) || stageOf(video);
      if (video?.status === 'failed') return video.failure ?? t.library.states.failed;
      return video?.status === 'ready' ? t.library.states.ready : t.uploads.done;
  }
}
