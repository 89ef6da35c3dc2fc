import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../api/client';
import type { Link } from '../api/types';
import { confirm } from '../app/confirm';
import { copy } from '../app/copy';
import { icons } from '../app/icons';
import { tell } from '../app/notice';
import { date } from '../format';
import { base } from '../styles/base';
import { panel } from '../styles/panel';
import { t } from '../texts';

const badges = { good: 'good', expired: '', revoked: 'bad' };

/** What it opens, in words: a short one for each of several. */
function kindsOf({ kinds }: Link): string {
  const [only, ...others] = kinds.filter((kind) => kind !== 'pictures');
  if (!only) return t.links.pictures;
  return others.length === 0 ? t.links.kinds[only] : [only, ...others].map((kind) => t.links.shortKinds[kind]).join(', ');
}

/** The links to a video that the vault made, to show again, to copy and to revoke. Tells `show` with a link. */
@customElement('link-list')
export class LinkList extends LitElement {
  static override styles = [
    base,
    panel,
    css`
      .buttons {
        grid-row: 1 / span 2;
        grid-column: 2;
        display: flex;
      }
    `,
  ];

  @property() videoId = '';
  @state() private links: Link[] = [];
  @state() private problem = '';
  @state() private isLoaded = false;
  private next?: string;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('videoId')) void this.load();
  }

  /** From the beginning. */
  async load(): Promise<void> {
    this.next = undefined;
    await this.more(true);
  }

  private async more(isFirst: boolean): Promise<void> {
    try {
      const page = await api.links(this.videoId, this.next);
      this.links = isFirst ? page.links : [...this.links, ...page.links];
      this.next = page.continuation;
      this.isLoaded = true;
      this.problem = '';
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
  }

  protected override render(): TemplateResult {
    return html`
      ${
        this.links.length > 0
          ? html`<ul aria-label=${t.links.list}>
            ${this.links.map((link) => this.renderLink(link))}
          </ul>`
          : html`<p class="soft small">${this.isLoaded ? t.links.none : t.app.loading}</p>`
      }
      <div class="row">
        ${this.next ? html`<button type="button" @click=${() => this.more(false)}>${t.links.more}</button>` : nothing}
        ${
          this.links.some((link) => link.state === 'good')
            ? html`<button class="quiet danger" type="button" @click=${this.revokeAll}>${t.links.revokeAll}</button>`
            : nothing
        }
      </div>
      ${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}
    `;
  }

  private renderLink(link: Link): TemplateResult {
    const name = link.label || kindsOf(link);
    const { url } = link;
    const facts = [
      link.label ? kindsOf(link) : '',
      link.state === 'good' ? t.links.until(date(link.expires)) : '',
      link.origins.length > 0 ? t.links.onlyOn(link.origins.map((origin) => new URL(origin).host).join(', ')) : '',
    ].filter((fact) => fact);
    return html`<li>
      <span class="name">${name} <span class="badge ${badges[link.state]}">${t.links.states[link.state]}</span></span>
      <span class="about soft small">${facts.join(' · ')}</span>
      ${
        url
          ? html`<span class="buttons">
            <button
              class="quiet icon"
              type="button"
              aria-label=${t.links.showOf(name)}
              title=${t.links.show}
              @click=${() => this.show(link)}
            >
              ${icons.link}
            </button>
            <button
              class="quiet icon"
              type="button"
              aria-label=${t.links.copyOf(name)}
              title=${t.links.copy}
              @click=${() => this.copied(url)}
            >
              ${icons.copy}
            </button>
            <button
              class="quiet danger icon"
              type="button"
              aria-label=${t.links.revokeOf(name)}
              title=${t.links.revoke}
              @click=${() => this.revoke(link, name)}
            >
              ${icons.trash}
            </button>
          </span>`
          : nothing
      }
    </li>`;
  }

  private show(link: Link): void {
    this.dispatchEvent(new CustomEvent('show', { detail: link }));
  }

  private async copied(url: string): Promise<void> {
    if (await copy(url)) tell(t.links.copied);
  }

  private async revoke(link: Link, name: string): Promise<void> {
    if (!(await confirm(this.renderRoot as DocumentFragment, t.links.revokeTitle, t.links.revokeLead(name), t.links.revoke))) return;
    await this.end(() => api.revoke(link.id), [link.id]);
  }

  private async revokeAll(): Promise<void> {
    const root = this.renderRoot as DocumentFragment;
    if (!(await confirm(root, t.links.revokeAllTitle, t.links.revokeAllLead, t.links.revokeAll))) return;
    await this.end(
      () => api.revokeAll(this.videoId),
      this.links.map((link) => link.id),
    );
  }

  private async end(revoke: () => Promise<unknown>, ids: string[]): Promise<void> {
    try {
      await revoke();
      tell(t.links.revoked);
      this.dispatchEvent(new CustomEvent('revoked', { detail: ids }));
      await this.load();
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
  }
}
