import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Track, Video } from '../api/types';
import { bytes, clock, date, language } from '../format';
import { base } from '../styles/base';
import { t } from '../texts';

/** What is known of a video: its tracks, what was done with it, and what is stored. */
@customElement('facts-panel')
export class FactsPanel extends LitElement {
  static override styles = [
    base,
    css`
      dl {
        margin: 0;
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(9.5rem, 100%), 1fr));
        gap: 0.8rem 1.1rem;
      }
      dt {
        font-size: 0.85rem;
        color: var(--soft);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      ul {
        list-style: none;
        margin: 0.4rem 0 0;
        padding: 0;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 0.2rem 0.75rem;
        padding-block: 0.35rem;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      .done {
        flex-basis: 100%;
      }
      .kind {
        min-width: 5rem;
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) video!: Video;

  protected override render(): TemplateResult {
    const { video } = this;
    // What the upload held tells what was done with each; rows of earlier versions know only what is stored.
    const described = video.uploaded?.tracks.some((track) => track.treatment) ? video.uploaded : video.media;
    const tracks = described?.tracks.filter((track) => !track.attachedPicture) ?? [];
    return html`<section class="card stack" aria-labelledby="title">
      <h2 id="title">${t.video.facts}</h2>
      <dl>
        ${this.fact(t.video.added, date(video.created))}
        ${video.media ? this.fact(t.video.duration, clock(video.media.durationSeconds)) : nothing}
        ${this.fact(t.video.size, bytes(video.size))}
      </dl>
      ${
        video.decision
          ? html`<div>
            <h3>${t.video.what}</h3>
            <p>${t.video.actions[video.decision]}.</p>
            ${video.reason ? html`<p class="soft small">${video.reason}</p>` : nothing}
          </div>`
          : nothing
      }
      ${
        tracks.length > 0
          ? html`<div>
            <h3>${t.video.tracks}</h3>
            <ul>
              ${tracks.map(
                (track) =>
                  html`<li>
                    <span class="kind">${t.video.kinds[track.kind]}</span><span>${describe(track)}</span>
                    ${track.title ? html`<span class="soft">${track.title}</span>` : nothing}
                    ${track.treatment ? html`<span class="done soft small">${treatmentOf(track.treatment)}</span>` : nothing}
                  </li>`,
              )}
            </ul>
          </div>`
          : nothing
      }
      ${
        video.status === 'ready' || video.storedSize
          ? html`<div>
            <h3>${t.video.copies}</h3>
            <ul>
              <li>
                <span class="kind">${t.video.original}</span><span>${this.storedWords(video)}</span>
                <span class="badge ${video.status === 'ready' ? 'good' : 'wait'}"
                  >${video.status === 'ready' ? t.video.companion.stored : t.video.copy.storing}</span
                >
              </li>
              ${video.renditions.map(
                (one) =>
                  html`<li>
                    <span class="kind">${one.name}</span><span>${t.video.copy.stored(bytes(one.size), '')}</span>
                    <span class="badge ${{ stored: 'good', waiting: 'wait', failed: 'bad' }[one.status]}"
                      >${t.video.companion[one.status]}</span
                    >
                    ${one.failure ? html`<span class="error small">${one.failure}</span>` : nothing}
                  </li>`,
              )}
            </ul>
          </div>`
          : nothing
      }
    </section>`;
  }

  private storedWords(video: Video): string {
    return video.storedSize
      ? t.video.copy.stored(bytes(video.storedSize), video.chunks ? t.video.chunks(video.chunks) : '')
      : t.video.copy.none;
  }

  private fact(name: string, value: string): TemplateResult {
    return html`<div>
      <dt>${name}</dt>
      <dd class="numbers">${value}</dd>
    </div>`;
  }
}

function treatmentOf({ action, why }: NonNullable<Track['treatment']>): string {
  return t.video.because(t.video.treatments[action], why);
}

function describe(track: Track): string {
  const parts = [
    language(track.language),
    track.codec.toUpperCase(),
    track.width > 0 ? `${track.width} × ${track.height}` : '',
    track.frameRate > 0 && track.kind === 'video' ? `${Math.round(track.frameRate * 100) / 100} fps` : '',
    track.channels > 0 ? ({ 1: 'mono', 2: 'stereo', 6: '5.1', 8: '7.1' }[track.channels] ?? `${track.channels} channels`) : '',
  ];
  return parts.filter((part) => part).join(', ');
}
