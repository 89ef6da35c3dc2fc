import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Lists } from '../api/types';
import { icons } from '../app/icons';
import { base } from '../styles/base';
import { t } from '../texts';
import { type Filter, noFilter } from './filter';
import { lists } from './lists';

type Folder = Lists['folders'][number];

/** So many tags until one asks for all. */
const mostTags = 30;

/** The folders, as a tree, and the tags, with how many videos each has. Tells `choose` with what is chosen. */
@customElement('list-nav')
export class ListNav extends LitElement {
  static override styles = [
    base,
    css`
      nav {
        display: grid;
        gap: 1.1rem;
        padding: 0.2rem;
      }
      h2 {
        font-size: 0.8rem;
        color: var(--soft);
        margin-bottom: 0.35rem;
        font-weight: 600;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      ul ul {
        margin-inline-start: 1rem;
      }
      .line {
        display: flex;
        align-items: center;
      }
      .line .list {
        flex: 1;
        min-width: 0;
      }
      button {
        min-height: 2.25rem;
      }
      .list {
        width: 100%;
        justify-content: start;
        text-align: start;
        font-weight: 450;
        padding: 0.25rem 0.6rem;
        overflow-wrap: anywhere;
      }
      .list[aria-pressed='true'] {
        background: var(--accent-soft);
        color: var(--accent);
        font-weight: 600;
      }
      .open {
        flex: none;
        min-width: 1.75rem;
        padding: 0;
        color: var(--soft);
      }
      .open svg {
        transform: rotate(-90deg);
      }
      .open[aria-expanded='true'] svg {
        transform: none;
      }
      .count {
        margin-inline-start: auto;
        padding-inline-start: 0.4rem;
        font-size: 0.8rem;
        color: var(--soft);
        font-weight: 400;
      }
      svg {
        width: 1.1rem;
        height: 1.1rem;
      }
    `,
  ];

  @property({ attribute: false }) filter: Filter = noFilter;
  @state() private readonly opened = new Set<string>();
  @state() private showsAllTags = false;

  override connectedCallback(): void {
    super.connectedCallback();
    lists.addEventListener('change', this.changed);
    void lists.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    lists.removeEventListener('change', this.changed);
  }

  private changed = () => this.requestUpdate();

  protected override render(): TemplateResult {
    const { filter } = this;
    const known = lists.lists;
    // Those with the most videos, and always the one that is looked at.
    const tags = [...known.tags].sort((one, other) => other.videos - one.videos);
    const shown = this.showsAllTags ? tags : tags.filter((tag, place) => place < mostTags || tag.name === filter.tag);
    return html`<nav aria-label=${t.library.filters}>
      <ul>
        <li>
          ${this.renderList(
            t.library.all,
            !filter.folder && !filter.tag && filter.status !== 'trashed',
            lists.isLoaded ? known.videos : undefined,
            icons.film,
            {
              folder: '',
              tag: '',
            },
          )}
        </li>
      </ul>
      ${
        known.folders.some((folder) => folder.name)
          ? html`<div>
            <h2 id="folders">${t.library.folders}</h2>
            ${this.renderFolders('', 'folders')}
          </div>`
          : nothing
      }
      ${
        shown.length > 0
          ? html`<div>
            <h2 id="tags">${t.library.tags}</h2>
            <ul aria-labelledby="tags">
              ${shown
                .sort((one, other) => one.name.localeCompare(other.name))
                .map(
                  (tag) =>
                    html`<li>
                      ${this.renderList(tag.name, filter.tag === tag.name, tag.videos, icons.tag, {
                        tag: filter.tag === tag.name ? '' : tag.name,
                      })}
                    </li>`,
                )}
            </ul>
            ${
              tags.length > shown.length
                ? html`<button class="quiet" type="button" @click=${this.showAllTags}>${t.library.allTags(tags.length)}</button>`
                : nothing
            }
          </div>`
          : nothing
      }
      <ul>
        <li>
          ${this.renderList(
            t.library.trash,
            filter.status === 'trashed',
            known.statuses.find((one) => one.status === 'trashed')?.videos || undefined,
            icons.trash,
            { ...noFilter, status: 'trashed' },
          )}
        </li>
      </ul>
      ${known.more ? html`<p class="hint">${t.library.moreLists}</p>` : nothing}
    </nav>`;
  }

  private renderFolders(outer: string, labelledBy?: string): TemplateResult {
    const start = outer ? `${outer}/` : '';
    const within = lists.lists.folders.filter(
      ({ name }) => name.startsWith(start) && name.length > start.length && !name.includes('/', start.length),
    );
    return html`<ul aria-labelledby=${labelledBy ?? nothing}>
      ${within.map((folder) => this.renderFolder(folder, folder.name.slice(start.length)))}
    </ul>`;
  }

  private renderFolder(folder: Folder, name: string): TemplateResult {
    const { filter } = this;
    const isChosen = filter.folder === folder.name;
    const hasMore = folder.below > folder.videos;
    // The way to the folder that is looked at is open.
    const isOpen = hasMore && (this.opened.has(folder.name) || filter.folder.startsWith(`${folder.name}/`));
    return html`<li>
      <div class="line">
        ${
          hasMore
            ? html`<button
              class="quiet open"
              type="button"
              aria-expanded=${isOpen}
              aria-label=${t.library.openFolder(name)}
              @click=${() => this.toggle(folder.name, isOpen)}
            >
              ${icons.down}
            </button>`
            : html`<span class="open" style="width: 1.75rem"></span>`
        }
        ${this.renderList(name, isChosen, folder.below, icons.folder, { folder: isChosen ? '' : folder.name })}
      </div>
      ${isOpen ? this.renderFolders(folder.name) : nothing}
    </li>`;
  }

  private renderList(
    name: string,
    isChosen: boolean,
    count: number | undefined,
    icon: TemplateResult,
    change: Partial<Filter>,
  ): TemplateResult {
    return html`<button
      class="quiet list"
      type="button"
      aria-pressed=${isChosen}
      @click=${() => this.dispatchEvent(new CustomEvent('choose', { detail: change }))}
    >
      ${icon}<span>${name}</span
      >${count === undefined ? nothing : html`<span class="count numbers">${count.toLocaleString('en')}</span>`}
    </button>`;
  }

  private toggle(name: string, isOpen: boolean): void {
    if (isOpen) this.opened.delete(name);
    else this.opened.add(name);
    this.requestUpdate();
  }

  private showAllTags(): void {
    this.showsAllTags = true;
  }
}
