import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { icons } from '../app/icons';
import { library } from '../library/store';
import { base } from '../styles/base';
import { t } from '../texts';
import { readChosen } from './dropped';
import { queue } from './queue';

/** Chooses files, or a folder, to upload. */
@customElement('upload-button')
export class UploadButton extends LitElement {
  static override styles = [
    base,
    css`
      .both {
        display: inline-flex;
      }
      .first {
        border-start-end-radius: 0;
        border-end-end-radius: 0;
      }
      .second {
        border-start-start-radius: 0;
        border-end-start-radius: 0;
        border-inline-start: 1px solid color-mix(in srgb, var(--on-accent) 35%, transparent);
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`<span class="both">
        <button class="primary first" type="button" @click=${() => this.ask('files')}>${icons.upload}${t.uploads.button}</button>
        <button
          class="primary second icon"
          type="button"
          title=${t.uploads.folder}
          aria-label=${t.uploads.folder}
          @click=${() => this.ask('folder')}
        >
          ${icons.folder}
        </button>
      </span>
      <input id="files" type="file" multiple hidden aria-label=${t.uploads.files} @change=${this.take} />
      <input id="folder" type="file" webkitdirectory hidden aria-label=${t.uploads.folder} @change=${this.take} />`;
  }

  private ask(id: string): void {
    this.renderRoot.querySelector<HTMLInputElement>(`#${id}`)?.click();
  }

  private take(event: Event): void {
    const input = event.target as HTMLInputElement;
    void queue.add(readChosen(input), library.filter.folder);
    input.value = '';
  }
}
