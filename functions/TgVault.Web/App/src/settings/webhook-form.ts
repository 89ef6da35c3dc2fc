import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Webhook, WebhookEvent } from '../api/types';
import { base } from '../styles/base';
import { webhookForm } from '../styles/webhook-form';
import { t } from '../texts';

export const events: WebhookEvent[] = ['video.created', 'video.ready', 'video.failed', 'video.deleted'];

/** What a person says of a webhook. */
export interface WebhookWishes {
  url: string;
  label: string;
  events: WebhookEvent[];
  enabled: boolean;
}

/** The fields of a webhook that there is. Tells `save` with what is wanted, or `done`. */
@customElement('webhook-form')
export class WebhookForm extends LitElement {
  static override styles = [base, webhookForm];

  @property({ attribute: false }) webhook!: Webhook;

  protected override render(): TemplateResult {
    const { url, label, enabled, events: told } = this.webhook;
    return html`<form @submit=${this.save}>
      <label>${t.webhooks.url}<input name="url" type="url" required maxlength="2000" autocomplete="off" .value=${url} /></label>
      <label>${t.webhooks.label}<input name="label" maxlength="64" autocomplete="off" .value=${label} /></label>
      ${eventBoxes(told)}
      <label class="check"><input type="checkbox" name="enabled" ?checked=${enabled} />${t.webhooks.enabled}</label>
      <span>
        <button class="primary">${t.webhooks.save}</button>
        <button type="button" @click=${() => this.dispatchEvent(new Event('done'))}>${t.webhooks.cancel}</button>
      </span>
    </form>`;
  }

  private save(event: Event): void {
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('save', { detail: wishesOf(event.target as HTMLFormElement) }));
  }
}

/** A box for each event. */
export function eventBoxes(checked: WebhookEvent[]): TemplateResult {
  return html`<fieldset>
    <legend>${t.webhooks.events}</legend>
    ${events.map(
      (event) =>
        html`<label class="check"
          ><input type="checkbox" name=${event} ?checked=${checked.includes(event)} />${t.webhooks.event[event]}</label
        >`,
    )}
  </fieldset>`;
}

/** What such fields hold. */
export function wishesOf(form: HTMLFormElement): WebhookWishes {
  const given = new FormData(form);
  return {
    url: String(given.get('url') ?? '').trim(),
    label: String(given.get('label') ?? '').trim(),
    events: events.filter((one) => given.has(one)),
    enabled: given.has('enabled'),
  };
}
