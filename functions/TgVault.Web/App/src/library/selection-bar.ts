import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { icons } from '../app/icons';
import { base } from '../styles/base';
import { t } from '../texts';
import { erase, move, restoreChosen, tag } from './edits';
import { selection } from './selection';
import { library } from './store';

/** What can be done with the videos that are chosen. Tells `rename`. */
@customElement('selection-bar')
export class SelectionBar extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        min-width: 0;
        flex: 1;
      }
      [role='toolbar'] {
        display: flex;
        align-items: center;
        gap: 0.25rem;
        padding: 0.15rem 0.35rem 0.15rem 0.9rem;
        border-radius: 11px;
        background: var(--accent-soft);
      }
      [role='status'] {
        font-weight: 600;
        margin-inline-end: auto;
        white-space: nowrap;
      }
      button:hover {
        background: var(--card);
      }
      .names {
        margin: 0;
        padding-inline-start: 1.2rem;
        overflow-wrap: anywhere;
      }
      @media (max-width: 40rem) {
        [role='toolbar'] {
          gap: 0;
          padding-inline: 0.5rem 0.1rem;
        }
        button span {
          display: none;
        }
        button {
          min-width: 2.25rem;
          padding: 0.35rem;
        }
      }
    `,
  ];

  private changed = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    selection.addEventListener('change', this.changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    selection.removeEventListener('change', this.changed);
  }

  /** Deletes what is chosen. */
  erase(): void {
    void erase(this.renderRoot as DocumentFragment);
  }

  protected override render(): TemplateResult {
    const root = this.renderRoot as DocumentFragment;
    const button = (words: string, icon: TemplateResult, act: () => unknown, isDanger = false) =>
      html`<button class="quiet ${isDanger ? 'danger' : ''}" type="button" aria-label=${words} title=${words} @click=${act}>
        ${icon}<span>${words}</span>
      </button>`;
    return html`<div role="toolbar" aria-label=${t.edits.toolbar}>
      <span role="status" class="numbers">${t.edits.chosen(selection.size)}</span>
      ${
        library.filter.status === 'trashed'
          ? html`${button(t.trash.restore, icons.restore, restoreChosen)} ${button(t.trash.erase, icons.trash, () => this.erase(), true)}`
          : html`${selection.size === 1 ? button(t.edits.rename, icons.pencil, () => this.dispatchEvent(new Event('rename'))) : ''}
            ${button(t.edits.move, icons.folder, () => move(root))} ${button(t.edits.tag, icons.tag, () => tag(root))}
            ${button(t.edits.delete, icons.trash, () => this.erase(), true)}`
      }
      ${button(t.edits.clear, icons.close, () => selection.clear())}
    </div>`;
  }
}
