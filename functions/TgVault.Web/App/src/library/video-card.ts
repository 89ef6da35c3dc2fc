import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { api } from '../api/client';
import type { Video } from '../api/types';
import { tell } from '../app/notice';
import { to } from '../app/router';
import { bytes, clock, day } from '../format';
import { base } from '../styles/base';
import { t } from '../texts';
import { badgeOf, durationOf, placeholderOf, posterOf, progressOf, qualityOf, waitOf } from '../video/states';
import { library } from './store';

/** One video in the library, to open, to choose, to rename. Tells `choose` and, once its field is left, `renamed`. */
@customElement('video-card')
export class VideoCard extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };

  static override styles = [
    base,
    css`
      :host {
        position: relative;
        container-type: inline-size;
      }
      a {
        display: grid;
        gap: 0.5rem;
        color: inherit;
        text-decoration: none;
        border-radius: var(--radius);
      }
      .picture {
        position: relative;
        display: block;
        aspect-ratio: 16 / 9;
        border-radius: var(--radius);
        overflow: hidden;
        border: 1px solid var(--line);
      }
      .placeholder {
        position: absolute;
        inset: 0;
        display: grid;
        place-items: center;
        background: linear-gradient(
          140deg,
          light-dark(hsl(var(--hue) 45% 90%), hsl(var(--hue) 24% 22%)),
          light-dark(hsl(calc(var(--hue) + 45) 45% 82%), hsl(calc(var(--hue) + 45) 26% 14%))
        );
        color: light-dark(hsl(var(--hue) 30% 42%), hsl(var(--hue) 24% 62%));
      }
      .placeholder svg {
        width: 2.4rem;
        height: 2.4rem;
      }
      img {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        object-fit: cover;
      }
      .time {
        position: absolute;
        right: 0.5rem;
        bottom: 0.5rem;
        padding: 0.05rem 0.4rem;
        border-radius: 6px;
        background: rgb(12 14 18 / 0.84);
        color: #fff;
        font-size: 0.8rem;
        font-weight: 600;
      }
      .mark {
        position: absolute;
        left: 0.5rem;
        top: 0.5rem;
      }
      .name {
        font-weight: 600;
        display: -webkit-box;
        -webkit-line-clamp: 2;
        -webkit-box-orient: vertical;
        overflow: hidden;
        overflow-wrap: anywhere;
        line-height: 1.35;
      }
      .renamed {
        visibility: hidden;
      }
      a:hover .name {
        text-decoration: underline;
        text-underline-offset: 0.15em;
      }
      .words {
        display: grid;
        gap: 0.2rem;
        padding-inline: 0.15rem;
        overflow: hidden;
      }
      .words .small {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .pick {
        position: absolute;
        right: 0.4rem;
        top: 0.4rem;
        width: 2rem;
        height: 2rem;
        place-content: center;
        border-radius: 8px;
        background: color-mix(in srgb, var(--card) 88%, transparent);
        cursor: pointer;
      }
      .pick input {
        width: 1.3rem;
        height: 1.3rem;
        margin: 0;
        accent-color: var(--accent);
        cursor: pointer;
      }
      @media (hover: hover) {
        .pick {
          opacity: 0;
        }
        :host(:hover) .pick,
        :host(:focus-within) .pick,
        .pick.shown {
          opacity: 1;
        }
      }
      .chosen .picture {
        outline: 3px solid var(--accent);
        outline-offset: -1px;
      }
      form {
        position: absolute;
        inset-inline: 0;
        top: calc(100cqi * 9 / 16 + 0.3rem);
      }
    `,
  ];

  @property({ attribute: false }) video!: Video;
  @property({ attribute: false }) isChosen = false;
  /** Whether any video is chosen: then a click chooses, too. */
  @property({ attribute: false }) isChoosing = false;
  @property({ attribute: false }) isRenamed = false;
  @query('form input') private field?: HTMLInputElement;
  @state() private isBusy = false;

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('isRenamed') || !this.isRenamed) return;
    // The name without its ending.
    const end = this.video.name.lastIndexOf('.');
    this.field?.focus();
    this.field?.setSelectionRange(0, end > 0 ? end : this.video.name.length);
  }

  protected override render(): TemplateResult {
    const { video } = this;
    const until = video.trashedUntil ? t.trash.until(day(video.trashedUntil)) : '';
    const wait = video.status === 'waiting' ? waitOf(video) : '';
    const facts = [until, wait, qualityOf(video), bytes(video.size), video.folder].filter((fact) => fact);
    const seconds = durationOf(video);
    return html`<a class=${this.isChosen ? 'chosen' : ''} href=${to.video(video.id)} @click=${this.onClick}>
        <span class="picture">
          ${placeholderOf(video)}${posterOf(video)}<span class="mark">${badgeOf(video)}</span>
          ${seconds > 0 ? html`<span class="time numbers">${clock(seconds)}</span>` : nothing}
        </span>
        <span class="words">
          <span class="name ${this.isRenamed ? 'renamed' : ''}" title=${video.name}>${video.name}</span>
          ${video.status === 'ingesting' ? progressOf(video) : html`<span class="soft small numbers">${facts.join(' · ')}</span>`}
        </span>
      </a>
      <label class="pick ${this.isChoosing ? 'shown' : ''}"
        ><input type="checkbox" aria-label=${t.edits.choose(video.name)} .checked=${live(this.isChosen)} @click=${this.onPick}
      /></label>
      ${
        this.isRenamed
          ? html`<form @submit=${this.save}>
            <input
              aria-label=${t.edits.newName}
              maxlength="255"
              required
              .value=${video.name}
              ?disabled=${this.isBusy}
              @keydown=${this.onFieldKey}
              @blur=${this.save}
            />
          </form>`
          : nothing
      }`;
  }

  private onClick(event: MouseEvent): void {
    // Keys open it all the same.
    if (event.detail === 0 || event.ctrlKey || event.metaKey || (!event.shiftKey && !this.isChoosing)) return;
    event.preventDefault();
    this.choose(event.shiftKey);
  }

  private onPick(event: MouseEvent): void {
    this.choose(event.shiftKey);
    // Up to here it may have been chosen already: it is drawn as it is, whatever the click made of it.
    this.requestUpdate();
  }

  private choose(extend: boolean): void {
    this.dispatchEvent(new CustomEvent('choose', { detail: { extend } }));
  }

  private onFieldKey(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === 'Escape') this.dispatchEvent(new Event('renamed'));
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.field?.value.trim();
    if (!this.isRenamed || this.isBusy) return;
    if (name && name !== this.video.name) {
      this.isBusy = true;
      try {
        library.take(await api.change(this.video.id, { name }));
      } catch (problem) {
        tell((problem as Error).message);
      }
      this.isBusy = false;
    }
    this.dispatchEvent(new Event('renamed'));
  }
}
