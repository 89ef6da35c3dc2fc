import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ApiProblem, address, api } from '../api/client';
import { live } from '../api/live';
import type { Playable, Video } from '../api/types';
import { confirm } from '../app/confirm';
import { icons } from '../app/icons';
import { tell } from '../app/notice';
import { navigate } from '../app/router';
import { date } from '../format';
import { lists } from '../library/lists';
import { library } from '../library/store';
import { hasTrash, tellTrashed } from '../library/trash';
import { base } from '../styles/base';
import { t } from '../texts';
import './captions-panel';
import './details-form';
import './facts-panel';
import './links-panel';
import './poster-panel';
import { badgeOf, pictureOf, progressOf, stagePosterOf, waitDetailOf, waitOf } from './states';

/** In which order they are drawn: from above to below, so that none moves another. */
const parts = { captions: 1, poster: 2, facts: 3, links: 4, details: 5, all: 5 } as const;

/** One video: to play, to share, to describe, and to remove. */
@customElement('video-page')
export class VideoPage extends LitElement {
  static override styles = [
    base,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.6rem 0.9rem;
        margin-block: 1rem 1.25rem;
      }
      .head h1 {
        flex: 1 1 16rem;
        min-width: 0;
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1.9fr) minmax(19rem, 1fr);
        gap: 1.25rem;
        align-items: start;
      }
      .stage {
        border-radius: 14px;
        overflow: hidden;
        background: #000;
        display: grid;
      }
      .stage > * {
        grid-area: 1 / 1;
      }
      .stage img {
        width: 100%;
        height: 100%;
        object-fit: contain;
        min-height: 0;
      }
      tgvault-player {
        aspect-ratio: var(--shape, 16 / 9);
        width: 100%;
        max-height: 76vh;
      }
      .instead {
        aspect-ratio: 16 / 9;
        max-height: 60vh;
        width: 100%;
        display: grid;
        place-content: center;
        justify-items: center;
        text-align: center;
        padding: 1.25rem;
        background: var(--card);
        border: 1px solid var(--line);
        border-radius: 14px;
      }
      .instead p {
        max-width: 34rem;
        overflow-wrap: anywhere;
        text-wrap: pretty;
      }
      .instead svg.big,
      .instead .big svg {
        width: 2.75rem;
        height: 2.75rem;
      }
      .instead progress {
        width: min(24rem, 70vw);
      }
      .back {
        margin-inline-start: -0.6rem;
      }
      @media (max-width: 60rem) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  @property() videoId = '';
  @state() private video?: Video;
  @state() private playable?: Playable;
  @state() private problem = '';
  /** How many of the page's parts are drawn, the stage being the first: a phone takes its time for each. */
  @state() private drawn = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    live.addEventListener('video', this.onVideo);
    live.addEventListener('removed', this.onRemoved);
    live.addEventListener('connected', this.reload);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    live.removeEventListener('video', this.onVideo);
    live.removeEventListener('removed', this.onRemoved);
    live.removeEventListener('connected', this.reload);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('videoId')) return;
    this.video = library.find(this.videoId);
    this.playable = undefined;
    this.problem = '';
    void this.reload();
  }

  protected override updated(): void {
    if (!this.video || this.drawn === parts.all) return;
    // In a task of its own, so that the page answers in between.
    setTimeout(() => {
      if (this.drawn === 0) void import('../player/tgvault-player');
      this.drawn = Math.min(this.drawn + 1, parts.all);
    });
  }

  private reload = async (): Promise<void> => {
    try {
      this.take(await api.show(this.videoId));
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
  };

  private take(video: Video): void {
    if (video.id !== this.videoId) return;
    const former = this.video;
    this.video = video;
    this.problem = '';
    document.title = `${video.name} · ${t.app.name}`;
    library.take(video);
    const isNew = !this.playable || stored(former) !== stored(video);
    if (video.status === 'ready' && video.decision !== 'keepAsFile' && isNew) void this.play();
  }

  private async play(): Promise<void> {
    try {
      const playable = await api.player(this.videoId);
      // What plays goes on undisturbed: new captions are there the next time.
      const media = this.renderRoot.querySelector('tgvault-player')?.media;
      if (!media || media.paused) this.playable = playable;
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || problem.status !== 409) this.problem = (problem as Error).message;
    }
  }

  private onVideo = (event: Event) => this.take((event as CustomEvent<Video>).detail);

  private onRemoved = (event: Event): void => {
    if ((event as CustomEvent<Video>).detail.id === this.videoId) this.problem = t.video.gone;
  };

  protected override render(): TemplateResult {
    const { video } = this;
    if (!video) {
      return html`${this.renderBack()}
        <h1>${this.problem || t.app.loading}</h1>`;
    }
    const isReady = video.status === 'ready';
    const isMedia = isReady && video.decision !== 'keepAsFile';
    return html`
      ${this.renderBack()}
      <div class="head">
        <h1>${video.name}</h1>
        ${badgeOf(video)}
        ${
          isReady
            ? html`<a class="button" href=${address(`api/stream?file_id=${video.id}`)} download=${video.name}
                >${icons.download}${t.video.download}</a
              >`
            : nothing
        }
        ${
          video.status === 'trashed'
            ? html`<button class="primary" type="button" @click=${this.restore}>${icons.restore}${t.trash.restore}</button>`
            : nothing
        }
        <button class="danger" type="button" ?disabled=${video.status === 'deleting'} @click=${this.erase}>
          ${icons.trash}${video.status === 'trashed' ? t.trash.erase : t.video.delete}
        </button>
      </div>
      ${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}
      <div class="columns">
        <div class="stack">
          ${this.renderStage(video)}
          ${
            this.drawn >= parts.captions && isMedia
              ? html`<captions-panel .video=${video} @changed=${this.reload}></captions-panel>`
              : nothing
          }
          ${this.drawn >= parts.poster && isMedia && pictureOf(video) ? this.renderPoster(video) : nothing}
          ${this.drawn >= parts.facts ? html`<facts-panel .video=${video}></facts-panel>` : nothing}
        </div>
        <div class="stack">
          ${this.drawn >= parts.links && isReady ? html`<links-panel .video=${video}></links-panel>` : nothing}
          ${
            video.status === 'trashed' || this.drawn < parts.details
              ? nothing
              : html`<details-form
                  .video=${video}
                  @changed=${(event: CustomEvent<Video>) => this.take(event.detail)}
                ></details-form>`
          }
        </div>
      </div>
    `;
  }

  private now = () => this.renderRoot.querySelector('tgvault-player')?.media?.currentTime ?? 0;

  private renderPoster(video: Video): TemplateResult {
    return html`<poster-panel
      .video=${video}
      .now=${this.now}
      @changed=${(event: CustomEvent<Video>) => this.take(event.detail)}
    ></poster-panel>`;
  }

  private renderBack(): TemplateResult {
    return html`<a class="button quiet back" href=${library.address}>${icons.back}${t.app.library}</a>`;
  }

  private renderStage(video: Video): TemplateResult {
    if (video.status === 'ready' && video.decision === 'keepAsFile') {
      return html`<div class="instead stack">
        <span class="big">${icons.file}</span>
        <p>${t.video.kept}</p>
        ${video.reason ? html`<p class="soft small">${video.reason}</p>` : nothing}
        ${
          pictureOf(video)
            ? html`<button type="button" @click=${this.makePlayable}>${icons.retry}${t.video.makePlayable}</button>`
            : nothing
        }
      </div>`;
    }
    if (video.status === 'ready') {
      const { width = 0, height = 0 } = this.playable ?? pictureOf(video) ?? {};
      const poster = stagePosterOf(video);
      return html`<div class="stage" style="--shape: ${width > 0 && height > 0 ? `${width} / ${height}` : '16 / 9'}">
        ${poster ? html`<img src=${poster} alt="" />` : nothing}
        <tgvault-player .playable=${this.playable} .poster=${poster} .renew=${() => api.player(video.id)}></tgvault-player>
      </div>`;
    }
    if (video.status === 'failed') {
      return html`<div class="instead stack">
        <span class="big error">${icons.warning}</span>
        <h2>${t.video.failedTitle}</h2>
        <p>${video.failure}</p>
        <button class="primary" type="button" @click=${this.retry}>${icons.retry}${t.video.retry}</button>
      </div>`;
    }
    if (video.status === 'ingesting') {
      return html`<div class="instead stack" aria-live="off">
        <h2>${t.library.states.ingesting}</h2>
        ${progressOf(video)} ${waitDetailOf(video) ? html`<p>${waitDetailOf(video)}</p>` : nothing}
        ${video.reason ? html`<p class="soft small">${video.reason}</p>` : nothing}
      </div>`;
    }
    if (video.status === 'trashed') {
      return html`<div class="instead stack">
        <span class="big">${icons.trash}</span>
        <h2>${t.library.states.trashed}</h2>
        <p class="soft">${t.trash.leadUntil(date(video.trashedUntil ?? video.updated))}</p>
      </div>`;
    }
    return html`<div class="instead stack">
      <h2>${video.status === 'waiting' ? t.video.waitingTitle : t.library.states.deleting}</h2>
      ${video.status === 'waiting' && waitOf(video) ? html`<p>${waitOf(video)}</p>` : nothing}
      ${video.status === 'waiting' ? html`<p class="soft">${t.video.waitingLead}</p>` : nothing}
    </div>`;
  }

  private async retry(): Promise<void> {
    try {
      this.take(await api.retry(this.videoId));
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
  }

  private async makePlayable(): Promise<void> {
    this.problem = '';
    await this.retry();
    if (!this.problem) tell(t.video.storedAnew);
  }

  private async restore(): Promise<void> {
    try {
      this.take(await api.restore(this.videoId));
      tell(t.trash.restored(1));
      lists.outdated();
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
  }

  /** Into the trash at once, for it can be undone; anything else after asking. */
  private async erase(): Promise<void> {
    const video = this.video;
    if (!video) return;
    const isKept = video.status === 'ready' && (await hasTrash());
    if (!isKept && !(await confirm(this.renderRoot, t.video.deleteTitle, t.video.deleteLead(video.name), t.video.deleteConfirm))) return;
    try {
      const removed = await api.remove(video.id, !isKept);
      library.drop(video.id);
      lists.outdated();
      if (removed.status === 'trashed') tellTrashed([video.id], t.trash.movedOne(video.name));
      else tell(t.video.deleted(video.name));
      navigate(library.address);
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
  }
}

/** What of a video is there to play; another text is another thing to play. */
function stored(video: Video | undefined): string {
  if (video?.status !== 'ready') return '';
  const parts = [...video.captions, ...video.renditions].filter((part) => part.status === 'stored');
  return JSON.stringify([video.name, video.poster?.url, video.storyboard?.url, parts.map((part) => [part.name, part.size])]);
}
