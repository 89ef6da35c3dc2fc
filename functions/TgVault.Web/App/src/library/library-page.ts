import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Status } from '../api/types';
import { icons } from '../app/icons';
import { base } from '../styles/base';
import { t } from '../texts';
import '../uploads/upload-button';
import { type Filter, library, noFilter } from './store';
import './video-card';

const typingMs = 200;

/** All videos, narrowed by what is chosen; the choice stands in the address. */
@customElement('library-page')
export class LibraryPage extends LitElement {
  static override styles = [
    base,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 0.6rem;
        align-items: center;
        margin-bottom: 1.1rem;
      }
      .search {
        position: relative;
        flex: 1 1 14rem;
        max-width: 34rem;
      }
      .search svg {
        position: absolute;
        left: 0.7rem;
        top: 0.62rem;
        color: var(--soft);
        pointer-events: none;
      }
      .search input:not([type='checkbox'], [type='radio'], [type='file']) {
        padding-inline-start: 2.35rem;
      }
      .state:not([hidden]) {
        width: auto;
        flex: 0 1 12rem;
      }
      .columns {
        display: grid;
        grid-template-columns: 13.5rem minmax(0, 1fr);
        gap: 1.75rem;
        align-items: start;
      }
      nav {
        position: sticky;
        top: 4.5rem;
        display: grid;
        gap: 1.1rem;
        max-height: calc(100vh - 6rem);
        overflow-y: auto;
        padding: 0.2rem;
      }
      nav h2 {
        font-size: 0.8rem;
        color: var(--soft);
        margin-bottom: 0.35rem;
        font-weight: 600;
      }
      nav ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      nav button {
        width: 100%;
        justify-content: start;
        text-align: start;
        font-weight: 450;
        min-height: 2.25rem;
        padding: 0.25rem 0.6rem;
        padding-inline-start: calc(0.6rem + var(--depth, 0) * 1rem);
        overflow-wrap: anywhere;
      }
      nav button[aria-pressed='true'] {
        background: var(--accent-soft);
        color: var(--accent);
        font-weight: 600;
      }
      nav .count {
        margin-inline-start: auto;
        font-size: 0.8rem;
        color: var(--soft);
        font-weight: 400;
      }
      nav svg {
        width: 1.1rem;
        height: 1.1rem;
      }
      .grid {
        list-style: none;
        margin: 0;
        padding: 0;
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(15.5rem, 100%), 1fr));
        gap: 1.6rem 1.1rem;
      }
      .grid li {
        content-visibility: auto;
        contain-intrinsic-size: auto 15rem;
      }
      .head {
        display: flex;
        align-items: baseline;
        gap: 0.75rem;
        margin-bottom: 0.9rem;
        min-width: 0;
      }
      .empty {
        justify-items: center;
        text-align: center;
        padding: 12vh 1rem;
        border: 2px dashed var(--line);
        border-radius: 18px;
      }
      .empty svg {
        width: 3rem;
        height: 3rem;
        color: var(--soft);
      }
      .empty p {
        max-width: 30rem;
        text-wrap: balance;
      }
      .end {
        display: grid;
        justify-items: center;
        padding-block: 1.75rem;
        min-height: 5.5rem;
      }
      .ghost {
        aspect-ratio: 16 / 9;
        border-radius: var(--radius);
        background: var(--line);
        opacity: 0.55;
        margin-bottom: 3.1rem;
      }
      .filters {
        display: none;
      }
      @media (max-width: 52rem) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
          gap: 0;
        }
        .filters {
          display: inline-flex;
        }
        nav {
          display: none;
          position: static;
          max-height: none;
          margin-bottom: 1.1rem;
        }
        nav.open {
          display: grid;
        }
      }
      @media (max-width: 30rem) {
        .search {
          flex-basis: 100%;
          max-width: none;
        }
        .state:not([hidden]) {
          flex: 1 1 5rem;
          min-width: 0;
        }
        .filters span {
          display: none;
        }
        .grid {
          gap: 1.25rem 0.9rem;
        }
      }
    `,
  ];

  @query('.end') private end?: HTMLElement;
  @state() private showsFilters = false;
  private watcher?: IntersectionObserver;
  private typing?: ReturnType<typeof setTimeout>;

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = t.app.name;
    library.addEventListener('change', this.changed);
    window.addEventListener('popstate', this.readAddress);
    this.readAddress();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    library.removeEventListener('change', this.changed);
    window.removeEventListener('popstate', this.readAddress);
    this.watcher?.disconnect();
  }

  protected override firstUpdated(): void {
    this.watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) void library.more();
      },
      { rootMargin: '800px' },
    );
    if (this.end) this.watcher.observe(this.end);
  }

  protected override updated(): void {
    // Told again where the end is still in sight once there is more.
    if (!this.end || !this.watcher || library.isLoading || library.isComplete) return;
    this.watcher.unobserve(this.end);
    this.watcher.observe(this.end);
  }

  private changed = () => this.requestUpdate();

  private readAddress = (): void => {
    const asked = new URLSearchParams(location.search);
    const filter = { ...noFilter };
    for (const name of Object.keys(noFilter) as (keyof Filter)[]) filter[name] = (asked.get(name) ?? '') as Status;
    void library.load(filter);
  };

  private choose(change: Partial<Filter>): void {
    const filter = { ...library.filter, ...change };
    const asked = new URLSearchParams(Object.entries(filter).filter(([, value]) => value));
    history.replaceState(null, '', `${location.pathname}${asked.size > 0 ? `?${asked}` : ''}`);
    void library.load(filter);
  }

  protected override render(): TemplateResult {
    const { filter } = library;
    return html`
      <div class="bar">
        <div class="search" role="search">
          ${icons.search}
          <input
            type="search"
            placeholder=${t.library.search}
            aria-label=${t.library.search}
            .value=${filter.search}
            @input=${this.onSearch}
            spellcheck="false"
            autocomplete="off"
          />
        </div>
        <select class="state" aria-label=${t.library.status} .value=${filter.status} @change=${this.onStatus}>
          <option value="">${t.library.any}</option>
          ${Object.entries(t.library.states).map(
            ([value, words]) => html`<option value=${value} ?selected=${value === filter.status}>${words}</option>`,
          )}
        </select>
        <button
          class="filters"
          type="button"
          aria-label=${t.library.filters}
          aria-expanded=${this.showsFilters}
          aria-controls="filters"
          @click=${() => {
            this.showsFilters = !this.showsFilters;
          }}
        >
          ${icons.filter}<span>${t.library.filters}</span>
        </button>
        <upload-button></upload-button>
      </div>
      <div class="columns">
        ${this.renderFilters()}
        <section aria-label=${t.library.title} aria-busy=${library.isLoading}>
          <div class="head">
            <h1>${filter.folder || filter.tag || t.library.title}</h1>
            <span class="soft small numbers" role="status"
              >${library.videos.length > 0 ? t.library.count(library.videos.length, !library.isComplete) : nothing}</span
            >
          </div>
          ${library.problem ? html`<p class="error" role="alert">${library.problem}</p>` : nothing} ${this.renderVideos()}
          <div class="end">
            ${
              !library.isComplete && library.videos.length > 0
                ? html`<button type="button" @click=${() => library.more()} ?disabled=${library.isLoading}>
                  ${library.isLoading ? t.library.loadingMore : t.library.more}
                </button>`
                : nothing
            }
          </div>
        </section>
      </div>
    `;
  }

  private renderVideos(): TemplateResult {
    if (library.videos.length > 0) {
      return html`<ul class="grid">
        ${repeat(
          library.videos,
          (video) => video.id,
          (video) => html`<li><video-card .video=${video}></video-card></li>`,
        )}
      </ul>`;
    }
    if (!library.isComplete) {
      return library.problem
        ? html`<button type="button" @click=${() => library.load(library.filter)}>${t.player.again}</button>`
        : html`<div class="grid" aria-hidden="true">${Array.from({ length: 8 }, () => html`<div class="ghost"></div>`)}</div>`;
    }
    const isFiltered = Object.values(library.filter).some((value) => value);
    return html`<div class="stack empty">
      ${isFiltered ? icons.search : icons.film}
      <h2>${isFiltered ? t.library.noneTitle : t.library.emptyTitle}</h2>
      <p class="soft">${isFiltered ? t.library.noneLead : t.library.emptyLead}</p>
      ${
        isFiltered
          ? html`<button type="button" @click=${() => this.choose(noFilter)}>${t.library.clear}</button>`
          : html`<upload-button></upload-button>`
      }
    </div>`;
  }

  private renderFilters(): TemplateResult {
    const { filter } = library;
    const folders = withParents([...library.folders.keys(), filter.folder].filter((name) => name));
    const tags = [...new Set([...library.tags.keys(), filter.tag])].filter((name) => name).sort((one, other) => one.localeCompare(other));
    return html`<nav id="filters" class=${this.showsFilters ? 'open' : ''} aria-label=${t.library.filters}>
      <ul>
        <li>
          <button
            class="quiet"
            type="button"
            aria-pressed=${!filter.folder && !filter.tag}
            @click=${() => this.choose({ folder: '', tag: '' })}
          >
            ${icons.film}${t.library.all}
          </button>
        </li>
      </ul>
      ${
        folders.length > 0
          ? html`<div>
            <h2>${t.library.folders}</h2>
            <ul>
              ${folders.map(
                (path) =>
                  html`<li>
                    <button
                      class="quiet"
                      type="button"
                      style="--depth: ${path.split('/').length - 1}"
                      aria-pressed=${filter.folder === path}
                      @click=${() => this.choose({ folder: filter.folder === path ? '' : path })}
                    >
                      ${icons.folder}${path.split('/').at(-1)}<span class="count">${library.folders.get(path) ?? ''}</span>
                    </button>
                  </li>`,
              )}
            </ul>
          </div>`
          : nothing
      }
      ${
        tags.length > 0
          ? html`<div>
            <h2>${t.library.tags}</h2>
            <ul>
              ${tags.map(
                (tag) =>
                  html`<li>
                    <button
                      class="quiet"
                      type="button"
                      aria-pressed=${filter.tag === tag}
                      @click=${() => this.choose({ tag: filter.tag === tag ? '' : tag })}
                    >
                      ${icons.tag}${tag}<span class="count">${library.tags.get(tag) ?? ''}</span>
                    </button>
                  </li>`,
              )}
            </ul>
          </div>`
          : nothing
      }
      ${(folders.length > 0 || tags.length > 0) && !library.isComplete ? html`<p class="hint">${t.library.seen}</p>` : nothing}
    </nav>`;
  }

  private onSearch(event: Event): void {
    const search = (event.target as HTMLInputElement).value;
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.choose({ search }), typingMs);
  }

  private onStatus(event: Event): void {
    this.choose({ status: (event.target as HTMLSelectElement).value as Status | '' });
  }
}

/** Each folder after the one that it lies in, which is there even if no video lies in it itself. */
function withParents(paths: string[]): string[] {
  const all = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/');
    for (let depth = 1; depth <= parts.length; depth++) all.add(parts.slice(0, depth).join('/'));
  }
  return [...all].sort((one, other) => one.localeCompare(other));
}
