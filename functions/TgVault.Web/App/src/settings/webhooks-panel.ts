import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { api } from '../api/client';
import type { MadeWebhook, Webhook } from '../api/types';
import { confirm } from '../app/confirm';
import { icons } from '../app/icons';
import { tell } from '../app/notice';
import { base } from '../styles/base';
import { t } from '../texts';
import './delivery-list';
import { panel } from '../styles/panel';
import { webhookForm } from '../styles/webhook-form';
import type { DeliveryList } from './delivery-list';
import './secret-box';
import './webhook-form';
import { eventBoxes, events, type WebhookWishes, wishesOf } from './webhook-form';

const nameOf = (webhook: Webhook): string => webhook.label || webhook.url;

/** Sites that are told what happens to videos: making and removing them, and what was sent. */
@customElement('webhooks-panel')
export class WebhooksPanel extends LitElement {
  static override styles = [
    base,
    panel,
    webhookForm,
    css`
      :host {
        grid-column: 1 / -1;
      }
      .actions {
        grid-row: 1 / span 2;
        grid-column: 2;
        display: flex;
        flex-wrap: wrap;
        justify-content: end;
        gap: 0.25rem;
      }
      details,
      webhook-form {
        grid-column: 1 / -1;
      }
      webhook-form {
        display: block;
        margin-block: 0.5rem;
        padding: 0.75rem;
        border: 1px solid var(--line);
        border-radius: 0.6rem;
      }
      summary {
        cursor: pointer;
        width: fit-content;
        padding-block: 0.25rem;
      }
      @media (max-width: 40rem) {
        .actions {
          grid-row: auto;
          grid-column: 1 / -1;
          justify-content: start;
        }
      }
    `,
  ];

  @state() private webhooks?: Webhook[];
  @state() private made?: MadeWebhook & { hint: string };
  @state() private opened = new Set<string>();
  @state() private edited = '';
  @state() private problem = '';
  @query('form') private form!: HTMLFormElement;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  protected override render(): TemplateResult {
    return html`<section class="card stack" aria-labelledby="title">
      <h2 id="title">${t.webhooks.title}</h2>
      <p class="soft small">${t.webhooks.lead}</p>
      ${this.renderList()}
      <form @submit=${this.make}>
        <label
          >${t.webhooks.url}<input name="url" type="url" required maxlength="2000" autocomplete="off" placeholder=${t.webhooks.example}
        /></label>
        <label>${t.webhooks.label}<input name="label" maxlength="64" autocomplete="off" placeholder=${t.webhooks.labelExample} /></label>
        ${eventBoxes(events)}
        <button class="primary">${t.webhooks.make}</button>
      </form>
      ${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}
      ${
        this.made
          ? html`<secret-box
              .heading=${t.webhooks.secretOf(nameOf(this.made.webhook))}
              .text=${this.made.secret}
              .hint=${this.made.hint}
              @done=${this.forget}
            ></secret-box>`
          : nothing
      }
    </section>`;
  }

  private renderList(): TemplateResult {
    if (!this.webhooks) return html`<p class="soft small" role="status">${this.problem ? '' : t.app.loading}</p>`;
    if (this.webhooks.length === 0) return html`<p class="soft small">${t.webhooks.none}</p>`;
    return html`<ul aria-label=${t.webhooks.title}>
      ${this.webhooks.map((webhook) => this.renderWebhook(webhook))}
    </ul>`;
  }

  private renderWebhook(webhook: Webhook): TemplateResult {
    const name = nameOf(webhook);
    return html`<li>
      <span class="name">${name}</span>
      <span class="about hint">
        ${webhook.label ? html`${webhook.url} · ` : nothing}${t.webhooks.told(
          webhook.events.map((event) => t.webhooks.event[event]).join(', '),
        )}
        ${webhook.disabled ? html`<span class="error">${t.webhooks.disabled}</span>` : nothing}
      </span>
      <span class="actions">
        <button type="button" @click=${() => this.test(webhook)} aria-label=${t.webhooks.testOf(name)}>${t.webhooks.test}</button>
        <button
          type="button"
          aria-expanded=${this.edited === webhook.id}
          @click=${() => this.edit(webhook)}
          aria-label=${t.webhooks.editOf(name)}
        >
          ${t.webhooks.edit}
        </button>
        <button type="button" @click=${() => this.rotate(webhook)} aria-label=${t.webhooks.rotateOf(name)}>${t.webhooks.rotate}</button>
        <button class="quiet icon danger" type="button" @click=${() => this.end(webhook)} aria-label=${t.webhooks.removeOf(name)}>
          ${icons.trash}
        </button>
      </span>
      ${
        this.edited === webhook.id
          ? html`<webhook-form
              .webhook=${webhook}
              @save=${(event: CustomEvent<WebhookWishes>) => this.change(webhook, event.detail)}
              @done=${() => this.edit()}
            ></webhook-form>`
          : nothing
      }
      <details @toggle=${(event: Event) => this.toggled(webhook, (event.target as HTMLDetailsElement).open)}>
        <summary class="small">${t.webhooks.messages}</summary>
        ${this.opened.has(webhook.id) ? html`<delivery-list .webhook=${webhook.id}></delivery-list>` : nothing}
      </details>
    </li>`;
  }

  private toggled({ id }: Webhook, isOpen: boolean): void {
    const opened = new Set(this.opened);
    if (isOpen) opened.add(id);
    else opened.delete(id);
    this.opened = opened;
  }

  private async load(): Promise<void> {
    try {
      this.webhooks = (await api.webhooks()).webhooks;
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
  }

  private async make(event: Event): Promise<void> {
    event.preventDefault();
    const wishes = wishesOf(this.form);
    await this.try(async () => {
      const made = await api.makeWebhook({ url: wishes.url, label: wishes.label, events: wishes.events });
      this.made = { ...made, hint: t.webhooks.once };
      this.form.reset();
    });
  }

  private edit(webhook?: Webhook): void {
    this.edited = !webhook || this.edited === webhook.id ? '' : webhook.id;
  }

  private async change(webhook: Webhook, wishes: WebhookWishes): Promise<void> {
    await this.try(async () => {
      const changed = await api.changeWebhook(webhook.id, wishes);
      this.edited = '';
      tell(t.webhooks.saved(nameOf(changed)));
    });
  }

  private async rotate(webhook: Webhook): Promise<void> {
    await this.try(async () => {
      this.made = { ...(await api.rotateWebhook(webhook.id)), hint: t.webhooks.rotated };
    });
  }

  private async test(webhook: Webhook): Promise<void> {
    await this.try(async () => {
      const delivery = await api.testWebhook(webhook.id);
      if (delivery.problem) this.problem = delivery.problem;
      else tell(t.webhooks.taken(nameOf(webhook)));
    });
    for (const list of this.renderRoot.querySelectorAll<DeliveryList>('delivery-list')) void list.load();
  }

  private async end(webhook: Webhook): Promise<void> {
    const name = nameOf(webhook);
    if (!(await confirm(this.renderRoot, t.webhooks.removeTitle(name), t.webhooks.removeLead, t.webhooks.remove))) return;
    await this.try(async () => {
      await api.removeWebhook(webhook.id);
      if (this.made?.webhook.id === webhook.id) this.made = undefined;
      tell(t.webhooks.removed(name));
    });
  }

  private async try(work: () => Promise<void>): Promise<void> {
    this.problem = '';
    try {
      await work();
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
    await this.load();
  }

  private forget(): void {
    this.made = undefined;
  }
}
