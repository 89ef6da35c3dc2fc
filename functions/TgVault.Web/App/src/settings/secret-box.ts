import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { copy } from '../app/copy';
import { icons } from '../app/icons';
import { tell } from '../app/notice';
import { base } from '../styles/base';
import { t } from '../texts';

/** What is shown once, to be copied. Tells `done` when somebody has it. */
@customElement('secret-box')
export class SecretBox extends LitElement {
  static override styles = [
    base,
    css`
      .box {
        border: 1px solid var(--accent);
        border-radius: 10px;
        padding: 0.9rem;
      }
      textarea {
        font-family: ui-monospace, 'Cascadia Mono', Menlo, monospace;
        font-size: 0.82rem;
        line-height: 1.45;
        min-height: 0;
        resize: none;
        field-sizing: content;
        word-break: break-all;
      }
    `,
  ];

  /** What it is. */
  @property() heading = '';
  @property() text = '';
  @property() hint = '';

  protected override render(): TemplateResult {
    return html`<div class="box stack">
      <h3>${this.heading}</h3>
      <p class="small">${this.hint}</p>
      <textarea
        readonly
        spellcheck="false"
        rows=${this.text.split('\n').length + 2}
        aria-label=${this.heading}
        .value=${this.text}
        @focus=${(event: Event) => (event.target as HTMLTextAreaElement).select()}
      ></textarea>
      <div class="row">
        <button class="primary" type="button" @click=${this.copied}>${icons.copy}${t.links.copy}</button>
        <button type="button" @click=${() => this.dispatchEvent(new Event('done'))}>${t.keys.done}</button>
      </div>
    </div>`;
  }

  private async copied(): Promise<void> {
    if (await copy(this.text)) tell(t.links.copied);
  }
}
