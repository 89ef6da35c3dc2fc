import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { api } from '../api/client';
import type { Captions, Video } from '../api/types';
import { icons } from '../app/icons';
import { tell } from '../app/notice';
import { language } from '../format';
import { base } from '../styles/base';
import { t } from '../texts';

/** The captions of a video, to add, replace and remove. Tells `changed`. */
@customElement('captions-panel')
export class CaptionsPanel extends LitElement {
  static override styles = [
    base,
    css`
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.4rem 0.75rem;
        padding-block: 0.35rem;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      .name {
        margin-inline-end: auto;
        overflow-wrap: anywhere;
        min-width: 0;
      }
      summary {
        cursor: pointer;
        font-weight: 600;
        color: var(--accent);
        padding-block: 0.3rem;
        border-radius: 6px;
      }
      form {
        margin-top: 0.9rem;
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr));
        gap: 0.9rem;
        align-items: start;
      }
      form > :is(.wide, button) {
        grid-column: 1 / -1;
        justify-self: start;
        max-width: 100%;
      }
      input[type='file'] {
        max-width: 100%;
        font: inherit;
      }
    `,
  ];

  @property({ attribute: false }) video!: Video;
  @query('form') private form!: HTMLFormElement;
  @state() private problem = '';

  protected override render(): TemplateResult {
    const { captions } = this.video;
    return html`<section class="card stack" aria-labelledby="title">
      <h2 id="title">${t.captions.title}</h2>
      ${
        captions.length > 0
          ? html`<ul>
            ${captions.map((one) => this.renderOne(one))}
          </ul>`
          : html`<p class="soft small">${t.captions.none}</p>`
      }
      <details>
        <summary>${t.captions.add}</summary>
        <form @submit=${this.add}>
          <label
            >${t.captions.language}<input
              name="language"
              required
              maxlength="35"
              placeholder="en"
              spellcheck="false"
              aria-describedby="tag"
            />
            <span id="tag" class="hint">${t.captions.languageHint}</span></label
          >
          <label
            >${t.captions.name}<input name="name" maxlength="200" aria-describedby="shown" />
            <span id="shown" class="hint">${t.captions.nameHint}</span></label
          >
          <label class="wide">${t.captions.file}<input name="file" type="file" accept=".srt,.vtt,text/vtt" required /></label>
          <button class="primary">${t.captions.submit}</button>
        </form>
      </details>
      ${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}
    </section>`;
  }

  private renderOne(one: Captions): TemplateResult {
    const mark = { stored: 'good', waiting: 'wait', failed: 'bad' }[one.status];
    return html`<li>
      <span class="name"
        >${one.name}${
          one.name === one.language ? nothing : html` <span class="soft small">${language(one.language)} (${one.language})</span>`
        }</span
      >
      <span class="badge ${mark}">${t.video.companion[one.status]}</span>
      <button class="quiet" type="button" aria-label=${t.captions.replaceOf(one.name)} @click=${() => this.replace(one)}>
        ${t.captions.replace}
      </button>
      <button class="quiet danger icon" type="button" aria-label=${t.captions.removeOf(one.name)} @click=${() => this.removeOne(one)}>
        ${icons.trash}
      </button>
      ${one.failure ? html`<span class="error small">${one.failure}</span>` : nothing}
    </li>`;
  }

  private add(event: Event): void {
    event.preventDefault();
    const given = new FormData(this.form);
    const file = given.get('file');
    if (!(file instanceof File) || !file.name) {
      this.problem = t.captions.noFile;
      return;
    }
    void this.put(String(given.get('language')).trim(), String(given.get('name')).trim(), file).then((done) => {
      if (!done) return;
      this.form.reset();
      this.renderRoot.querySelector('details')?.removeAttribute('open');
    });
  }

  private replace(one: Captions): void {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.srt,.vtt,text/vtt';
    input.onchange = () => {
      const [file] = input.files ?? [];
      if (file) void this.put(one.language, one.name, file);
    };
    input.click();
  }

  private async put(tag: string, name: string, file: File): Promise<boolean> {
    this.problem = '';
    try {
      const type = /\.vtt$/i.test(file.name) ? 'text/vtt' : 'application/x-subrip';
      await api.putCaptions(this.video.id, tag, name, file, type);
      tell(t.captions.taken(name || tag));
      this.dispatchEvent(new Event('changed'));
      return true;
    } catch (problem) {
      this.problem = (problem as Error).message;
      return false;
    }
  }

  private async removeOne(one: Captions): Promise<void> {
    this.problem = '';
    try {
      await api.removeCaptions(this.video.id, one.language);
      tell(t.captions.removed(one.name));
      this.dispatchEvent(new Event('changed'));
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
  }
}
