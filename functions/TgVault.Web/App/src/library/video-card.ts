import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Video } from '../api/types';
import { to } from '../app/router';
import { bytes, clock } from '../format';
import { base } from '../styles/base';
import { badgeOf, durationOf, placeholderOf, posterOf, progressOf, qualityOf } from '../video/states';

/** One video in the library. */
@customElement('video-card')
export class VideoCard extends LitElement {
  static override styles = [
    base,
    css`
      a {
        display: grid;
        gap: 0.55rem;
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
      a:hover .name {
        text-decoration: underline;
        text-underline-offset: 0.15em;
      }
      .words {
        display: grid;
        gap: 0.25rem;
        padding-inline: 0.15rem;
      }
    `,
  ];

  @property({ attribute: false }) video!: Video;

  protected override render(): TemplateResult {
    const { video } = this;
    const facts = [qualityOf(video), bytes(video.size), video.folder].filter((fact) => fact);
    const seconds = durationOf(video);
    return html`<a href=${to.video(video.id)}>
      <span class="picture">
        ${placeholderOf(video)}${posterOf(video)}<span class="mark">${badgeOf(video)}</span>
        ${seconds > 0 ? html`<span class="time numbers">${clock(seconds)}</span>` : nothing}
      </span>
      <span class="words">
        <span class="name">${video.name}</span>
        ${video.status === 'ingesting' ? progressOf(video) : html`<span class="soft small numbers">${facts.join(' · ')}</span>`}
      </span>
    </a>`;
  }
}
