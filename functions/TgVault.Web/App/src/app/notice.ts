import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { base } from '../styles/base';

const shownMs = 5000;
/** Longer where there is something to press. */
const pressableMs = 12000;

interface Notice {
  words: string;
  /** What may be done about it. */
  action?: { words: string; act: () => void };
}

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
      div {
        display: flex;
        align-items: center;
        gap: 0.9rem;
        background: var(--text);
        color: var(--page);
        border-radius: 10px;
        padding: 0.6rem 1.1rem;
        box-shadow: var(--shadow);
        overflow-wrap: anywhere;
        pointer-events: auto;
      }
      button {
        flex: none;
        min-height: 2rem;
        border-color: currentcolor;
        background: transparent;
        color: inherit;
      }
      button:hover {
        background: color-mix(in srgb, var(--page) 18%, transparent);
      }
    `,
  ];

  @state() private notice?: Notice;
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
    this.notice = (event as CustomEvent<Notice>).detail;
    this.wait(this.notice.action ? pressableMs : shownMs);
  };

  private wait(ms: number): void {
    clearTimeout(this.hides);
    this.hides = setTimeout(() => {
      // Whoever is about to press it keeps it.
      if (this.matches(':focus-within, :hover')) this.wait(ms);
      else this.notice = undefined;
    }, ms);
  }

  private act(): void {
    const action = this.notice?.action;
    this.notice = undefined;
    action?.act();
  }

  protected override render(): TemplateResult {
    const { notice } = this;
    return html`<div class=${notice ? '' : 'unseen'}>
      <span role="status">${notice?.words}</span>
      ${notice?.action ? html`<button type="button" @click=${this.act}>${notice.action.words}</button>` : nothing}
    </div>`;
  }
}

export function tell(words: string, action?: Notice['action']): void {
  window.dispatchEvent(new CustomEvent('tgvault-notice', { detail: { words, action } }));
}
