import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { base } from '../styles/base';

const shownMs = 5000;

/** One sentence on what has just happened, also for those who hear the page. */
@customElement('vault-notice')
export class VaultNotice extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: fixed;
        inset: auto 0 1.25rem;
        display: grid;
        justify-items: center;
        pointer-events: none;
        z-index: 40;
        padding-inline: 1rem;
      }
      div:not(:empty) {
        background: var(--text);
        color: var(--page);
        border-radius: 10px;
        padding: 0.6rem 1.1rem;
        box-shadow: var(--shadow);
        overflow-wrap: anywhere;
      }
    `,
  ];

  @state() private words = '';
  private hides?: ReturnType<typeof setTimeout>;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('tgvault-notice', this.show);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('tgvault-notice', this.show);
  }

  private show = (event: Event): void => {
    this.words = (event as CustomEvent<string>).detail;
    clearTimeout(this.hides);
    this.hides = setTimeout(() => {
      this.words = '';
    }, shownMs);
  };

  protected override render(): TemplateResult {
    return html`<div role="status">${this.words}</div>`;
  }
}

export function tell(words: string): void {
  window.dispatchEvent(new CustomEvent('tgvault-notice', { detail: words }));
}
