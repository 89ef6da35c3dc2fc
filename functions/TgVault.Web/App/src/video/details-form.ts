import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { api } from '../api/client';
import type { Video } from '../api/types';
import { folderList, folderOf, tagsOf } from '../library/edits';
import { lists } from '../library/lists';
import { base } from '../styles/base';
import { t } from '../texts';

/** What a person says of a video. Tells `changed` with the video. */
@customElement('details-form')
export class DetailsForm extends LitElement {
  static override styles = base;

  @property({ attribute: false }) video!: Video;
  @query('form') private form!: HTMLFormElement;
  @state() private words = '';
  @state() private problem = '';
  @state() private isDirty = false;

  override connectedCallback(): void {
    super.connectedCallback();
    if (!lists.isLoaded) void lists.load().then(() => this.requestUpdate());
  }

  // Progress comes every second; what one is writing stays.
  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    return !this.hasUpdated || !changed.has('video') || !this.isDirty;
  }

  protected override render(): TemplateResult {
    const { video } = this;
    return html`<form class="card stack" @submit=${this.save} @input=${this.touched}>
      <h2>${t.video.details}</h2>
      <label>${t.video.rename}<input name="name" required maxlength="255" .value=${video.name} /></label>
      <label
        >${t.video.folder}<input name="folder" maxlength="200" list="folders" .value=${video.folder} />
        ${folderList('folders')}
      </label>
      <label
        >${t.video.tags}<input name="tags" .value=${video.tags.join(', ')} aria-describedby="tags-hint" />
        <span id="tags-hint" class="hint">${t.video.tagsHint}</span></label
      >
      <label>${t.video.description}<textarea name="description" maxlength="4000" rows="3" .value=${video.description}></textarea></label>
      <div class="row">
        <button class="primary" ?disabled=${!this.isDirty}>${t.video.save}</button>
        <span class="soft small" role="status">${this.words || nothing}</span>
      </div>
      ${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}
    </form>`;
  }

  private touched(): void {
    this.isDirty = true;
    this.words = t.video.unsaved;
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    const given = new FormData(this.form);
    const text = (name: string) => String(given.get(name) ?? '').trim();
    this.problem = '';
    try {
      const video = await api.change(this.video.id, {
        name: text('name'),
        folder: folderOf(given.get('folder')),
        tags: tagsOf(given.get('tags')),
        description: text('description'),
      });
      this.isDirty = false;
      this.words = t.video.saved;
      this.dispatchEvent(new CustomEvent('changed', { detail: video }));
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
  }
}
