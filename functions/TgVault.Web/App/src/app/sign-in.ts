import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../api/client';
import { base } from '../styles/base';
import { t } from '../texts';
import { icons } from './icons';

/** The way in: the API key, or the code of a sign-in address. Tells `signed-in`. */
@customElement('vault-sign-in')
export class VaultSignIn extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        min-height: 100vh;
        display: grid;
        place-items: center;
        padding: 1.25rem;
      }
      main {
        width: min(25rem, 100%);
      }
      .logo svg {
        width: 3.25rem;
        height: 3.25rem;
      }
      .card {
        padding: 1.6rem;
      }
    `,
  ];

  /** What the address has after its #. */
  @property() code = '';
  @property() words = '';
  @state() private problem = '';
  @state() private isBusy = false;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.code) void this.signIn({ code: this.code });
  }

  protected override render(): TemplateResult {
    return html`<main class="stack">
      <div class="logo">${icons.logo}</div>
      <h1>${t.signIn.title}</h1>
      <p class="soft">${this.words || t.signIn.lead}</p>
      <form class="card stack" @submit=${this.submit}>
        <label
          >${t.signIn.key}
          <input name="key" type="password" autocomplete="current-password" required spellcheck="false" aria-describedby="hint problem" />
        </label>
        <p id="hint" class="hint">${t.signIn.hint}</p>
        <p id="problem" class="error" role="alert">${this.problem || nothing}</p>
        <button class="primary" ?disabled=${this.isBusy}>${this.isBusy && this.code ? t.signIn.byCode : t.signIn.submit}</button>
      </form>
    </main>`;
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const key = new FormData(event.target as HTMLFormElement).get('key');
    void this.signIn({ key: String(key).trim() });
  }

  private async signIn(by: { key: string } | { code: string }): Promise<void> {
    this.isBusy = true;
    this.problem = '';
    try {
      await api.signIn(by);
      this.dispatchEvent(new Event('signed-in'));
    } catch (problem) {
      this.problem = (problem as Error).message;
      this.code = '';
    }
    this.isBusy = false;
  }
}
