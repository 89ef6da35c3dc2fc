import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { address, api } from '../api/client';
import type { About } from '../api/types';
import './keys-panel';
import './status-panel';
import './webhooks-panel';
import { bytes, span } from '../format';
import { base } from '../styles/base';
import { t } from '../texts';

/** What the vault is set to. */
@customElement('settings-page')
export class SettingsPage extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        max-width: 60rem;
        margin-inline: auto;
      }
      .cards {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr));
        gap: 1.1rem;
        margin-top: 1.1rem;
      }
      dl {
        margin: 0;
        display: grid;
        gap: 0.75rem;
      }
      dt {
        font-size: 0.85rem;
        color: var(--soft);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @state() private about?: About;
  @state() private problem = '';

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${t.settings.title} · ${t.app.name}`;
    api.about().then(
      (about) => {
        this.about = about;
      },
      (problem: Error) => {
        this.problem = problem.message;
      },
    );
  }

  protected override render(): TemplateResult {
    const { about } = this;
    return html`<h1>${t.settings.title}</h1>
      <p class="soft">${t.settings.lead}</p>
      ${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}
      ${about ? this.renderAbout(about) : html`<p class="soft" role="status">${t.app.loading}</p>`}`;
  }

  private renderAbout(about: About): TemplateResult {
    const server = new URL(about.telegramServer);
    const isStandIn = ['localhost', '127.0.0.1', '[::1]'].includes(server.hostname) && about.messagesPerMinute === 0;
    return html`<status-panel></status-panel>
    <div class="cards">
      <keys-panel kind="api"></keys-panel>
      <keys-panel kind="link"></keys-panel>
      <webhooks-panel></webhooks-panel>
    </div>
    <div class="cards">
      <section class="card stack">
        <h2>${t.app.name}</h2>
        <dl>
          ${fact(t.settings.version, about.version)} ${fact(t.settings.address, about.publicUrl ?? t.settings.addressNone)}
          ${fact(t.settings.storage, about.storage ?? t.settings.storageHere)}
        </dl>
      </section>
      <section class="card stack">
        <h2>${t.settings.telegram}</h2>
        <dl>
          ${fact(t.settings.server, isStandIn ? t.settings.standIn : server.host)}
          ${fact(t.settings.pace, t.settings.paceValue(about.messagesPerMinute))}
        </dl>
      </section>
      <section class="card stack">
        <h2>${t.settings.limits}</h2>
        <dl>
          ${fact(t.settings.maxUpload, bytes(about.maxUpload))}
          ${fact(t.settings.linkLifetime, `${span(about.linkLifetime)}, ${t.settings.maxLinkLifetime} ${span(about.maxLinkLifetime)}`)}
          ${fact(t.settings.renditions, about.renditions || t.settings.none)}
          ${fact(t.settings.transcode, about.transcodeVideo ? t.settings.transcodeOn : t.settings.transcodeOff)}
        </dl>
      </section>
      <section class="card stack">
        <h2>${t.settings.api}</h2>
        <p>${t.settings.apiLead}</p>
        <p><a href=${address('api/reference')} target="_blank" rel="noopener">${t.settings.apiReference}</a></p>
        <p><a href=${address('api/openapi.json')} target="_blank" rel="noopener">${t.settings.apiLink}</a></p>
      </section>
    </div>`;
  }
}

function fact(name: string, value: string): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
