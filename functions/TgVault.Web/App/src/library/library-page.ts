import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { Order, Status } from '../api/types';
import { icons } from '../app/icons';
import { base } from '../styles/base';
import { t } from '../texts';
import '../uploads/upload-button';
import { addressOf, canOrder, type Filter, isSame, noFilter, read } from './filter';
import { pageStyles } from './library-styles';
import './list-nav';
import { lists } from './lists';
import { selection } from './selection';
import './selection-bar';
import type { SelectionBar } from './selection-bar';
import { library } from './store';
import './video-grid';
import type { VideoGrid } from './video-grid';

const typingMs = 200;

/** All videos, narrowed by what is chosen; the choice stands in the address. */
@customElement('library-page')
export class LibraryPage extends LitElement {
  static override styles = [base, pageStyles];

  @query('video-grid') private grid?: VideoGrid;
  @query('selection-bar') private bar?: SelectionBar;
  @state() private showsFilters = false;
  private typing?: ReturnType<typeof setTimeout>;

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = t.app.name;
    for (const told of [library, lists, selection]) told.addEventListener('change', this.changed);
    window.addEventListener('popstate', this.readAddress);
    window.addEventListener('keydown', this.onKey);
    this.readAddress();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const told of [library, lists, selection]) told.removeEventListener('change', this.changed);
    window.removeEventListener('popstate', this.readAddress);
    window.removeEventListener('keydown', this.onKey);
    selection.clear();
  }

  private changed = () => this.requestUpdate();

  private readAddress = (): void => {
    void library.load(read(location.search));
  };

  private choose(change: Partial<Filter>): void {
    const filter = { ...library.filter, ...change };
    // A folder and a tag are of what is not in the trash.
    if (filter.status === 'trashed' && change.status === undefined && change.search === undefined) filter.status = '';
    if (!canOrder(filter)) filter.order = 'newest';
    history.replaceState(null, '', addressOf(filter));
    selection.clear();
    window.scrollTo(0, 0);
    void library.load(filter);
  }

  private onKey = (event: KeyboardEvent): void => {
    const inner = event.composedPath()[0];
    const isWriting = inner instanceof HTMLInputElement || inner instanceof HTMLTextAreaElement || inner instanceof HTMLSelectElement;
    // A question is closed by it, and what was asked about stays chosen.
    if (event.composedPath().some((one) => one instanceof HTMLDialogElement)) return;
    if (event.key === 'Escape' && !event.defaultPrevented && !isWriting) selection.clear();
    if (event.key !== '/' || isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.renderRoot.querySelector<HTMLInputElement>('input[type=search]')?.focus();
  };

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
            title=${t.library.searchHint}
            .value=${filter.search}
            @input=${this.onSearch}
            spellcheck="false"
            autocomplete="off"
            maxlength="200"
          />
        </div>
        <select class="state" aria-label=${t.library.status} @change=${this.onStatus}>
          <option value="">${t.library.any}</option>
          ${Object.entries(t.library.states).map(([value, words]) => {
            const count = lists.lists.statuses.find((one) => one.status === value)?.videos ?? 0;
            return html`<option value=${value} ?selected=${value === filter.status}>
              ${words}${lists.isLoaded ? ` (${count.toLocaleString('en')})` : ''}
            </option>`;
          })}
        </select>
        <select
          class="order"
          aria-label=${t.library.order}
          title=${canOrder(filter) ? t.library.order : t.library.orderHint}
          ?disabled=${!canOrder(filter)}
          @change=${this.onOrder}
        >
          ${Object.entries(t.library.orders).map(
            ([value, words]) => html`<option value=${value} ?selected=${value === filter.order}>${words}</option>`,
          )}
        </select>
        <button
          class="filters"
          type="button"
          aria-label=${t.library.filters}
          aria-expanded=${this.showsFilters}
          aria-controls="filters"
          @click=${this.toggleFilters}
        >
          ${icons.filter}<span>${t.library.filters}</span>
        </button>
        <upload-button></upload-button>
      </div>
      <div class="columns">
        <list-nav
          id="filters"
          class=${this.showsFilters ? 'open' : ''}
          .filter=${filter}
          @choose=${this.onChoose}
        ></list-nav>
        <section aria-label=${t.library.title} aria-busy=${library.isLoading}>
          ${this.renderHead(filter)}
          ${library.problem ? html`<p class="error" role="alert">${library.problem}</p>` : nothing} ${this.renderVideos(filter)}
          <div class="end">
            ${library.isLoading && library.count > 0 ? html`<span class="soft">${t.library.loadingMore}</span>` : nothing}</div>
        </section>
      </div>
    `;
  }

  private renderHead(filter: Filter): TemplateResult {
    const isTrash = filter.status === 'trashed';
    const title = isTrash ? t.library.trash : filter.folder || filter.tag || t.library.title;
    return html`<div class="head">
      ${
        selection.size > 0
          ? html`<h1 class="unseen">${title}</h1>
            <selection-bar @rename=${this.onRename}></selection-bar>`
          : html`<h1>${title}</h1>
            <span class="soft small numbers" role="status">${this.countOf(filter)}</span>`
      }
    </div>
    ${isTrash && library.count > 0 ? html`<p class="soft small lead">${t.trash.lead}</p>` : nothing}`;
  }

  /** Of one list the vault counts all; of what is searched for, what has been seen. */
  private countOf(filter: Filter): string {
    if (library.count === 0) return '';
    const { search, folder, tag, status } = filter;
    const known = lists.lists;
    const isOne = [folder, tag, status].filter((one) => one).length < 2;
    if (library.isComplete || search || !isOne || !lists.isLoaded) return t.library.count(library.count, !library.isComplete);
    const all = folder
      ? known.folders.find((one) => one.name === folder)?.below
      : tag
        ? known.tags.find((one) => one.name === tag)?.videos
        : status
          ? known.statuses.find((one) => one.status === status)?.videos
          : known.videos;
    return t.library.count(Math.max(all ?? 0, library.count), false);
  }

  private renderVideos(filter: Filter): TemplateResult {
    if (library.count > 0) return html`<video-grid @erase=${() => this.bar?.erase()}></video-grid>`;
    if (!library.isComplete) {
      return library.problem
        ? html`<button type="button" @click=${() => library.more()}>${t.player.again}</button>`
        : html`<div class="ghosts" aria-hidden="true">${Array.from({ length: 8 }, () => html`<div class="ghost"></div>`)}</div>`;
    }
    if (isSame(filter, { ...noFilter, status: 'trashed' })) {
      return html`<div class="stack empty">
        ${icons.trash}
        <h2>${t.trash.emptyTitle}</h2>
        <p class="soft">${t.trash.lead}</p>
      </div>`;
    }
    const isFiltered = filter.search || filter.folder || filter.tag || filter.status;
    return html`<div class="stack empty">
      ${isFiltered ? icons.search : icons.film}
      <h2>${isFiltered ? t.library.noneTitle : t.library.emptyTitle}</h2>
      <p class="soft">${isFiltered ? this.reasonOf(filter) : t.library.emptyLead}</p>
      ${
        isFiltered
          ? html`<button type="button" @click=${() => this.choose(noFilter)}>${t.library.clear}</button>`
          : html`<upload-button></upload-button>`
      }
    </div>`;
  }

  private reasonOf({ search, folder, tag, status }: Filter): string {
    const narrowed = [folder, tag, status].some((one) => one);
    if (search) return narrowed ? t.library.noneFoundHere(search) : t.library.noneFound(search);
    if ([folder, tag, status].filter((one) => one).length > 1) return t.library.noneTogether;
    return folder ? t.library.noneInFolder(folder) : tag ? t.library.noneTagged(tag) : t.library.noneInState;
  }

  private onChoose(event: CustomEvent<Partial<Filter>>): void {
    // Where the lists stand above the videos, these are what one wants to see next.
    this.showsFilters = false;
    this.choose(event.detail);
  }

  private toggleFilters(): void {
    this.showsFilters = !this.showsFilters;
  }

  private onSearch(event: Event): void {
    const search = (event.target as HTMLInputElement).value;
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.choose({ search }), typingMs);
  }

  private onStatus(event: Event): void {
    this.choose({ status: (event.target as HTMLSelectElement).value as Status | '' });
  }

  private onOrder(event: Event): void {
    this.choose({ order: (event.target as HTMLSelectElement).value as Order });
  }

  private onRename(): void {
    const [id] = selection.chosen.keys();
    if (!id) return;
    selection.clear();
    this.grid?.rename(id);
  }
}
