import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { api } from '../api/client';
import type { Replica, VaultStatus } from '../api/types';
import { icons } from '../app/icons';
import { bytes, date, span } from '../format';
import { base } from '../styles/base';
import { t } from '../texts';

const everyMs = 5000;

/** How the vault is, as long as one looks: its queue, its space, its bots and channels. */
@customElement('status-panel')
export class StatusPanel extends LitElement {
  static override styles = [
    base,
    css`
      .cards {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr));
        gap: 1.1rem;
        margin-top: 1.1rem;
      }
      .card {
        min-height: 17.5rem;
      }
      dl {
        margin: 0;
        display: grid;
        gap: 0.75rem;
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
        margin: 0;
        padding: 0;
        display: grid;
        gap: 0.5rem;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 0.75rem;
        align-items: center;
        overflow-wrap: anywhere;
      }
      li .badge {
        margin-inline-start: auto;
      }
      .held {
        flex-basis: 100%;
      }
      .problems li {
        flex-wrap: nowrap;
        align-items: start;
      }
    `,
  ];

  @state() private status?: VaultStatus;
  @state() private problem = '';
  private next?: ReturnType<typeof setTimeout>;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.next);
  }

  private async look(): Promise<void> {
    try {
      this.status = await api.status();
      this.problem = '';
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
    if (this.isConnected) this.next = setTimeout(() => void this.look(), everyMs);
  }

  protected override render(): TemplateResult {
    const { status } = this;
    return html`${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}
      <div class="cards" aria-busy=${!status}>
        <section class="card stack">
          <h2>${t.status.title}</h2>
          ${status ? this.renderSpace(status) : html`<p class="soft">${t.app.loading}</p>`}
        </section>
        <section class="card stack">
          <h2>${t.status.telegram}</h2>
          ${status ? this.renderTelegram(status.telegram) : html`<p class="soft">${t.app.loading}</p>`}
        </section>
        ${status?.replicas ? this.renderCopies(status.replicas, status.checks) : nothing}
      </div>`;
  }

  private renderSpace({ videos, statuses, storedBytes, freeBytes, queue, unrecovered, leftDocuments }: VaultStatus): TemplateResult {
    const failed = statuses?.find((one) => one.status === 'failed')?.videos ?? 0;
    const waiting = statuses?.find((one) => one.status === 'waiting')?.videos ?? 0;
    return html`<dl>
      ${fact(t.status.videos, videos === undefined ? t.status.counting : t.status.videosValue(videos, waiting, failed))}
      ${fact(t.status.stored, storedBytes === undefined ? t.status.counting : bytes(storedBytes))}
      ${freeBytes === undefined ? nothing : fact(t.status.free, bytes(freeBytes))}
      ${fact(t.status.queue, queue.videos === 0 ? t.status.queueEmpty : queueWords(queue))}
      ${unrecovered ? fact(t.status.unrecovered, unrecovered) : nothing}
      ${leftDocuments > 0 ? fact(t.status.left, t.status.leftValue(leftDocuments)) : nothing}
    </dl>`;
  }

  private renderCopies(replicas: Replica[], checks: VaultStatus['checks']): TemplateResult {
    return html`<section class="card stack">
      <h2>${t.status.copies}</h2>
      <p class="soft small">${t.status.copiesLead}</p>
      <ul>
        ${replicas.map(
          ({ place, videos, waiting, verified, problem }) =>
            html`<li>
              <span>${place}</span>
              <span class="badge ${problem ? 'bad' : waiting > 0 ? 'wait' : videos > 0 ? 'good' : ''}"
                >${problem ? t.status.see : waiting > 0 ? t.status.lacking(waiting) : videos > 0 ? t.status.complete : t.status.empty}</span
              >
              <span class="held soft small">${t.status.held(videos, verified && date(verified))}</span>
              ${problem ? html`<span class="held error">${problem}</span>` : nothing}
            </li>`,
        )}
      </ul>
      ${
        checks
          ? html`<dl>
            ${fact(t.status.checks, t.status.checksValue(checks.done, checks.shares, checks.last && date(checks.last)))}
            ${checks.lost > 0 ? fact(t.status.lost, t.status.lostValue(checks.lost, checks.mended)) : nothing}
            ${checks.unchecked > 0 ? fact(t.status.unchecked, t.status.uncheckedValue(checks.unchecked)) : nothing}
          </dl>`
          : nothing
      }
    </section>`;
  }

  private renderTelegram({ checked, problems, lanes }: VaultStatus['telegram']): TemplateResult {
    return html`<ul>
        ${lanes.map(
          (lane) =>
            html`<li>
              <span class="numbers">${t.status.lane(lane.bot, String(lane.channel))}</span>
              ${
                lane.pausedSeconds > 0
                  ? html`<span class="badge wait">${t.status.paused(span(lane.pausedSeconds))}</span>`
                  : html`<span class="badge ${problems?.length === 0 ? 'good' : ''}"
                    >${problems === undefined ? t.status.asking : problems.length === 0 ? t.status.well : t.status.see}</span
                  >`
              }
            </li>`,
        )}
      </ul>
      ${
        problems && problems.length > 0
          ? html`<ul class="problems error">
            ${problems.map((problem) => html`<li>${icons.warning}<span>${problem}</span></li>`)}
          </ul>`
          : nothing
      }
      ${checked ? html`<p class="hint">${t.status.checked(date(checked))}</p>` : nothing}`;
  }
}

function queueWords(queue: VaultStatus['queue']): string {
  const parts = [
    t.status.queueValue(queue.videos, bytes(queue.bytesLeft)),
    queue.bytesPerSecond ? `${bytes(queue.bytesPerSecond)}/s` : '',
    queue.etaSeconds ? t.ingest.left(span(queue.etaSeconds)) : '',
  ];
  return parts.filter((part) => part).join(', ');
}

function fact(name: string, value: string): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd class="numbers">${value}</dd>
  </div>`;
}
