import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../api/client';
import type { Delivery } from '../api/types';
import { icons } from '../app/icons';
import { date } from '../format';
import { base } from '../styles/base';
import { panel } from '../styles/panel';
import { t } from '../texts';

const most = 10;
const badges = { waiting: 'wait', delivered: 'good', failed: 'bad' };

/** The last messages to one webhook, each of which can be sent again. */
@customElement('delivery-list')
export class DeliveryList extends LitElement {
  static override styles = [
    base,
    panel,
    css`
      .about {
        display: flex;
        flex-wrap: wrap;
        gap: 0.15rem 0.6rem;
        align-items: center;
      }
      li button {
        grid-row: 1 / span 2;
        grid-column: 2;
      }
    `,
  ];

  @property() webhook = '';
  @state() private deliveries?: Delivery[];
  @state() private problem = '';

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  /** Looks again what there is. */
  async load(): Promise<void> {
    try {
      this.deliveries = (await api.deliveries(this.webhook)).deliveries.slice(0, most);
      this.problem = '';
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
  }

  protected override render(): TemplateResult {
    if (this.problem) return html`<p class="error small" role="alert">${this.problem}</p>`;
    if (!this.deliveries) return html`<p class="soft small" role="status">${t.app.loading}</p>`;
    if (this.deliveries.length === 0) return html`<p class="soft small">${t.webhooks.noMessages}</p>`;
    return html`<ul aria-label=${t.webhooks.messages}>
      ${this.deliveries.map((delivery) => this.renderDelivery(delivery))}
    </ul>`;
  }

  private renderDelivery(delivery: Delivery): TemplateResult {
    const when = date(delivery.time);
    return html`<li>
      <span class="about small">
        <span class="name">${delivery.type}</span>
        <span class="badge ${badges[delivery.state]}">${t.webhooks.states[delivery.state]}</span>
      </span>
      <span class="about hint">
        <span>${when}</span>
        ${delivery.problem ? html`<span>${delivery.problem}</span>` : nothing}
        ${delivery.nextTry ? html`<span>${t.webhooks.next(date(delivery.nextTry))}</span>` : nothing}
        ${delivery.video ? html`<a href=${`videos/${delivery.video}`}>${t.webhooks.video}</a>` : nothing}
      </span>
      <button
        class="quiet icon"
        type="button"
        title=${t.webhooks.again}
        aria-label=${t.webhooks.againOf(delivery.type, when)}
        @click=${() => this.redeliver(delivery)}
      >
        ${icons.retry}
      </button>
    </li>`;
  }

  private async redeliver(delivery: Delivery): Promise<void> {
    try {
      await api.redeliver(this.webhook, delivery.id);
      await this.load();
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
  }
}
