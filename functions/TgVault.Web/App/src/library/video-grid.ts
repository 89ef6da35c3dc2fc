import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { navigate, to } from '../app/router';
import { base } from '../styles/base';
import { selection } from './selection';
import { library } from './store';
import './video-card';

/** Widest and narrowest of what the cards are laid out by, in units of the text's size. */
const narrowest = 15.5;
const gap = { column: 1.1, row: 1.5 };
/** What stands below a card's picture: always the same height, so that rows can be counted. */
const words = 5.25;
/** Rows outside of the window that are drawn as well. */
const spare = 2;

/**
 * The cards of the library. Only those in the window and a few around it are there; all rows have one height, so the page is as long as
 * all of them are. Tells `erase` where a key asks for it.
 */
@customElement('video-grid')
export class VideoGrid extends LitElement {
  static override styles = [
    base,
    css`
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        display: grid;
        overflow-anchor: none;
      }
      .ghost {
        aspect-ratio: 16 / 9;
        border-radius: var(--radius);
        background: var(--line);
        opacity: 0.55;
      }
    `,
  ];

  @query('ul') private list!: HTMLUListElement;
  @state() private renaming = '';
  private sizes?: ResizeObserver;
  private layout = { columns: 1, card: 0, gapX: 0, gapY: 0 };
  private range = { first: 0, last: 0 };
  private isDrawing = false;

  override connectedCallback(): void {
    super.connectedCallback();
    library.addEventListener('change', this.moved);
    selection.addEventListener('change', this.changed);
    window.addEventListener('scroll', this.scrolled, { passive: true });
    this.sizes = new ResizeObserver(() => this.measure());
    this.sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    library.removeEventListener('change', this.moved);
    selection.removeEventListener('change', this.changed);
    window.removeEventListener('scroll', this.scrolled);
    this.sizes?.disconnect();
  }

  protected override firstUpdated(): void {
    const { scroll } = library;
    this.measure();
    // As it was left: everything has its height already.
    if (scroll > 0) void this.updateComplete.then(() => window.scrollTo(0, scroll));
  }

  /** Lets one write another name for the video in its place. */
  rename(id: string): void {
    this.renaming = id;
  }

  focusCard(index: number): void {
    const { columns, card, gapY } = this.layout;
    const row = Math.floor(index / columns);
    const top = this.list.getBoundingClientRect().top + row * (card + gapY);
    // Below what stays at the top, and above the lower edge.
    const head = 130;
    if (top < head) window.scrollBy(0, top - head);
    else if (top + card > window.innerHeight) window.scrollBy(0, top + card - window.innerHeight + gapY);
    this.moved();
    void this.updateComplete.then(() => this.cardAt(index)?.focus());
  }

  private changed = () => this.requestUpdate();

  private scrolled = (): void => {
    library.scroll = window.scrollY;
    if (this.isDrawing) return;
    this.isDrawing = true;
    requestAnimationFrame(() => {
      this.isDrawing = false;
      this.moved();
    });
  };

  private measure(): void {
    const unit = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const width = this.clientWidth;
    const [gapX, gapY] = [gap.column * unit, gap.row * unit];
    const columns = Math.max(1, Math.floor((width + gapX) / (narrowest * unit + gapX)));
    const card = Math.round((((width - gapX * (columns - 1)) / columns) * 9) / 16 + words * unit);
    this.layout = { columns, card, gapX, gapY };
    this.moved();
  }

  /** Which cards are in the window now. */
  private moved = (): void => {
    const { columns, card, gapY } = this.layout;
    if (!this.list || card === 0) {
      this.requestUpdate();
      return;
    }
    const top = this.list.getBoundingClientRect().top;
    const rows = Math.ceil(library.count / columns);
    const firstRow = Math.min(Math.max(0, Math.floor(-top / (card + gapY)) - spare), Math.max(0, rows - 1));
    const lastRow = Math.ceil((window.innerHeight - top) / (card + gapY)) + spare;
    const first = firstRow * columns;
    const last = Math.min(library.count, Math.max(first, lastRow * columns)) - 1;
    this.range = { first, last };
    this.requestUpdate();
    library.look(first, last);
  };

  protected override render(): TemplateResult {
    const { columns, card, gapX, gapY } = this.layout;
    const { first } = this.range;
    const last = Math.min(this.range.last, library.count - 1);
    const rows = Math.ceil(library.count / columns);
    const [above, below] = [Math.floor(first / columns), rows - Math.floor(last / columns) - 1];
    const shown = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
    return html`<ul
      style="grid-template-columns: repeat(${columns}, minmax(0, 1fr)); grid-auto-rows: ${card}px; gap: ${gapY}px ${gapX}px;
        padding-top: ${above * (card + gapY)}px; padding-bottom: ${Math.max(0, below) * (card + gapY)}px"
      @keydown=${this.onKey}
    >
      ${repeat(
        shown,
        (index) => library.idAt(index),
        (index) => this.renderCard(index),
      )}
    </ul>`;
  }

  private renderCard(index: number): TemplateResult {
    const video = library.at(index);
    return html`<li aria-posinset=${index + 1} aria-setsize=${library.isComplete ? library.count : -1} data-index=${index}>
      ${
        video
          ? html`<video-card
              .video=${video}
              .isChosen=${selection.has(video.id)}
              .isChoosing=${selection.size > 0}
              .isRenamed=${this.renaming === video.id}
              @choose=${(event: CustomEvent<{ extend: boolean }>) =>
                event.detail.extend ? selection.extend(index) : selection.toggle(index)}
              @renamed=${this.onRenamed}
            ></video-card>`
          : html`<div class="ghost"></div>`
      }
    </li>`;
  }

  private onRenamed(): void {
    const id = this.renaming;
    this.renaming = '';
    void this.updateComplete.then(() => this.cardAt(library.indexOf(id))?.focus());
  }

  private onKey(event: KeyboardEvent): void {
    const index = Number((event.target as HTMLElement).closest('li')?.dataset.index ?? Number.NaN);
    const inner = event.composedPath()[0];
    const video = library.at(index);
    // What is written in a name is the field's.
    if (!video || (inner instanceof HTMLInputElement && inner.type !== 'checkbox')) return;
    const isCheck = inner instanceof HTMLInputElement;
    const command = event.ctrlKey || event.metaKey;
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -this.layout.columns,
      ArrowDown: this.layout.columns,
      Home: -index,
      End: library.count - 1 - index,
    };
    const step = steps[event.key];
    if (step !== undefined && !command && !event.altKey) {
      const next = index + step;
      if (next >= 0 && next < library.count && next !== index) {
        if (event.shiftKey) selection.extend(next, index);
        this.focusCard(next);
      }
    } else if (event.key === ' ' && !isCheck) {
      if (event.shiftKey) selection.extend(index);
      else selection.toggle(index);
    } else if (event.key === 'a' && command) {
      selection.all();
    } else if (event.key === 'F2') {
      this.rename(video.id);
    } else if (event.key === 'Delete') {
      if (!selection.has(video.id)) {
        selection.clear();
        selection.toggle(index);
      }
      this.dispatchEvent(new Event('erase'));
    } else if (event.key === 'Enter' && !isCheck && !command && !event.shiftKey) {
      navigate(to.video(video.id));
    } else {
      return;
    }
    event.preventDefault();
  }

  private cardAt(index: number): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(`li[data-index="${index}"] video-card`);
  }
}
