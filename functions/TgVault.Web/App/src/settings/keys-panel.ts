import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { api } from '../api/client';
import type { Key, KeyScope } from '../api/types';
import { confirm } from '../app/confirm';
import { icons } from '../app/icons';
import { tell } from '../app/notice';
import { date } from '../format';
import { base } from '../styles/base';
import { panel } from '../styles/panel';
import { t } from '../texts';
import './secret-box';

/** A kind of key: how the vault is asked about it, and what is said of it. */
interface Kind {
  words: typeof t.keys.api | typeof t.keys.link;
  scopes?: Record<KeyScope, string>;
  list: () => Promise<{ keys: Key[] }>;
  /** The key just made, and what is to be kept of it; it is not told again. */
  make: (name: string, scope: KeyScope) => Promise<{ key: Key; secret: string }>;
  revoke: (id: string) => Promise<void>;
}

const kinds: Record<'api' | 'link', Kind> = {
  api: {
    words: t.keys.api,
    scopes: t.keys.scopes,
    list: api.keys,
    make: api.makeKey,
    revoke: api.revokeKey,
  },
  link: {
    words: t.keys.link,
    list: api.linkKeys,
    make: async (name) => {
      const { key, secret, baseUrl } = await api.makeLinkKey(name);
      return { key, secret: `TGVAULT_LINK_KEY_ID=${key.id}\nTGVAULT_LINK_KEY=${secret}\nVAULT=${baseUrl}` };
    },
    revoke: api.revokeLinkKey,
  },
};

/** Keys of one kind: making them, showing each once, and revoking them. */
@customElement('keys-panel')
export class KeysPanel extends LitElement {
  static override styles = [
    base,
    panel,
    css`
      li button {
        grid-row: 1 / span 2;
        grid-column: 2;
      }
    `,
  ];

  @property() kind: 'api' | 'link' = 'api';
  @state() private keys?: Key[];
  @state() private made?: { key: Key; secret: string };
  @state() private problem = '';
  @query('form') private form!: HTMLFormElement;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  protected override render(): TemplateResult {
    const { words, scopes } = kinds[this.kind];
    return html`<section class="card stack" aria-labelledby="title">
      <h2 id="title">${words.title}</h2>
      <p class="soft small">${words.lead}</p>
      ${this.renderList()}
      <form @submit=${this.make}>
        <label>${t.keys.name}<input name="name" required maxlength="64" autocomplete="off" placeholder=${words.example} /></label>
        ${
          scopes
            ? html`<label
              >${t.keys.scope}<select name="scope">
                ${Object.entries(scopes).map(([scope, what]) => html`<option value=${scope}>${what}</option>`)}
              </select></label
            >`
            : nothing
        }
        <button class="primary">${words.make}</button>
      </form>
      ${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}
      ${
        this.made
          ? html`<secret-box
              .heading=${t.keys.made(this.made.key.name)}
              .text=${this.made.secret}
              .hint=${words.once}
              @done=${this.forget}
            ></secret-box>`
          : nothing
      }
    </section>`;
  }

  private renderList(): TemplateResult {
    const { words, scopes } = kinds[this.kind];
    if (!this.keys) return html`<p class="soft small" role="status">${this.problem ? '' : t.app.loading}</p>`;
    if (this.keys.length === 0) return html`<p class="soft small">${t.keys.none}</p>`;
    return html`<ul aria-label=${words.title}>
      ${this.keys.map(
        (key) =>
          html`<li>
            <span class="name">${key.name}</span>
            <span class="about hint">
              ${[
                scopes && key.scope ? scopes[key.scope] : '',
                t.keys.created(date(key.created)),
                key.lastUsed ? t.keys.used(date(key.lastUsed)) : t.keys.unused,
              ]
                .filter((fact) => fact)
                .join(' · ')}
            </span>
            <button class="quiet icon danger" type="button" @click=${() => this.revoke(key)} aria-label=${t.keys.revokeOf(key.name)}>
              ${icons.trash}
            </button>
          </li>`,
      )}
    </ul>`;
  }

  private async load(): Promise<void> {
    try {
      this.keys = (await kinds[this.kind].list()).keys;
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
  }

  private async make(event: Event): Promise<void> {
    event.preventDefault();
    const given = new FormData(this.form);
    const name = String(given.get('name') ?? '').trim();
    this.problem = '';
    try {
      this.made = await kinds[this.kind].make(name, (given.get('scope') ?? 'read') as KeyScope);
      this.form.reset();
      await this.load();
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
  }

  private async revoke(key: Key): Promise<void> {
    const { words, revoke } = kinds[this.kind];
    if (!(await confirm(this.renderRoot, t.keys.revokeTitle(key.name), words.revokeLead, t.keys.revoke))) return;
    this.problem = '';
    try {
      await revoke(key.id);
      if (this.made?.key.id === key.id) this.made = undefined;
      tell(t.keys.revoked(key.name));
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
    await this.load();
  }

  private forget(): void {
    this.made = undefined;
  }
}
