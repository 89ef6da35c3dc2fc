import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { unsafeSVG } from 'lit/directives/unsafe-svg.js';
import { api } from '../api/client';
import type { Link, Video } from '../api/types';
import { copy } from '../app/copy';
import { icons } from '../app/icons';
import { tell } from '../app/notice';
import { date } from '../format';
import { base } from '../styles/base';
import { t } from '../texts';
import './link-list';
import type { LinkList } from './link-list';
import { pictureOf } from './states';

/** What a link is made for here: its pictures come with each. */
type Kind = Exclude<Link['kinds'][number], 'pictures'>;

/** A link that is good, and what it is shown for. */
type Shown = Link & { url: string; kind: Kind };

/** Links to a video, made and shown: as an address, as HTML for a page, as a code for the phone; and those there are. */
@customElement('links-panel')
export class LinksPanel extends LitElement {
  static override styles = [
    base,
    css`
      .copied {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0.5rem;
        align-items: start;
      }
      textarea {
        font-family: ui-monospace, 'Cascadia Mono', Menlo, monospace;
        font-size: 0.82rem;
        line-height: 1.45;
        resize: vertical;
        overflow-wrap: anywhere;
        min-height: 7.5rem;
      }
      .url input:not([type='checkbox'], [type='radio'], [type='file']) {
        font-family: ui-monospace, 'Cascadia Mono', Menlo, monospace;
        font-size: 0.82rem;
        text-overflow: ellipsis;
      }
      .made {
        border-top: 1px solid var(--line);
        padding-top: 1rem;
      }
      iframe {
        width: 100%;
        aspect-ratio: var(--shape, 16 / 9);
        border: 0;
        border-radius: 10px;
        background: #000;
        display: block;
      }
      .qr {
        width: min(15rem, 100%);
        padding: 0.75rem;
        background: #fff;
        border-radius: 10px;
        margin-top: 0.5rem;
      }
      .qr svg {
        width: 100%;
        height: auto;
        display: block;
      }
      summary {
        cursor: pointer;
        font-weight: 600;
        font-size: 0.9rem;
        border-radius: 6px;
        padding-block: 0.25rem;
      }
      .options {
        display: grid;
        gap: 0.5rem;
      }
      .start input:not([type='checkbox'], [type='radio'], [type='file']) {
        max-width: 8rem;
      }
    `,
  ];

  @property({ attribute: false }) video!: Video;
  @query('form') private form!: HTMLFormElement;
  @state() private kind: Kind = 'embed';
  @state() private link?: Shown;
  @query('link-list') private list?: LinkList;
  @state() private problem = '';
  @state() private picture = '';
  @state() private options = { responsive: true, autoplay: false, loop: false, start: 0 };

  protected override render(): TemplateResult {
    const isPlayable = this.video.decision !== 'keepAsFile';
    const kinds = isPlayable ? (Object.keys(t.links.kinds) as Kind[]) : (['mp4'] as Kind[]);
    if (!kinds.includes(this.kind)) this.kind = 'mp4';
    return html`<section class="card stack" aria-labelledby="title">
      <h2 id="title">${t.links.title}</h2>
      <p class="soft small">${t.links.lead}</p>
      <form class="stack" @submit=${this.make}>
        <label
          >${t.links.kind}
          <select name="kind" @change=${(event: Event) => this.choose((event.target as HTMLSelectElement).value as Kind)}>
            ${kinds.map((kind) => html`<option value=${kind} ?selected=${kind === this.kind}>${t.links.kinds[kind]}</option>`)}
          </select></label
        >
        <label
          >${t.links.ends}
          <select name="ttl">
            ${Object.entries(t.links.lifetimes).map(
              ([seconds, words]) => html`<option value=${seconds} ?selected=${seconds === '604800'}>${words}</option>`,
            )}
          </select></label
        >
        <details>
          <summary>${t.links.sites}</summary>
          <label class="hint"
            >${t.links.sitesHint}<textarea
              name="origins"
              rows="2"
              spellcheck="false"
              aria-label=${t.links.sites}
              style="min-height: 4.5rem"
            ></textarea></label
          >
        </details>
        <label
          >${t.links.label}<input name="label" maxlength="200" aria-describedby="label-hint" />
          <span id="label-hint" class="hint">${t.links.labelHint}</span></label
        >
        <button class="primary">${icons.link}${t.links.make}</button>
      </form>
      ${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}
      ${this.link ? this.renderLink(this.link) : nothing}
      <div class="made">
        <h3>${t.links.list}</h3>
        <link-list .videoId=${this.video.id} @show=${this.onShow} @revoked=${this.onRevoked}></link-list>
      </div>
    </section>`;
  }

  private renderLink(link: Shown): TemplateResult {
    return html`<div class="stack made">
      <h3>${link.label || t.links.made}</h3>
      <label class="url"
        >${t.links.url}
        <span class="copied">
          <input id="url" readonly .value=${this.addressOf(link)} @focus=${select} />
          <button type="button" @click=${() => this.copied(this.addressOf(link))} aria-label="${t.links.copy}: ${t.links.url}">
            ${icons.copy}${t.links.copy}
          </button>
        </span></label
      >
      <p class="hint">${t.links.until(date(link.expires))}</p>
      ${link.kind === 'embed' ? this.renderEmbed(link) : nothing}
      <details @toggle=${(event: Event) => (event.target as HTMLDetailsElement).open && this.draw(this.addressOf(link))}>
        <summary>${t.links.qr}</summary>
        ${this.picture ? html`<div class="qr" role="img" aria-label=${t.links.qr}>${unsafeSVG(this.picture)}</div>` : nothing}
      </details>
    </div>`;
  }

  private renderEmbed(link: Shown): TemplateResult {
    const snippet = this.snippetOf(link);
    const picture = pictureOf(this.video);
    const box = (name: 'responsive' | 'autoplay' | 'loop') =>
      html`<label class="check"
        ><input
          type="checkbox"
          .checked=${this.options[name]}
          @change=${(event: Event) => {
            this.options = { ...this.options, [name]: (event.target as HTMLInputElement).checked };
          }}
        />${t.links[name]}</label
      >`;
    return html`
      <div class="options">
        ${box('responsive')} ${box('autoplay')} ${box('loop')}
        <label class="start"
          >${t.links.start}<input
            type="number"
            min="0"
            step="1"
            .value=${String(this.options.start)}
            @change=${(event: Event) => {
              this.options = { ...this.options, start: Math.max(0, Math.floor((event.target as HTMLInputElement).valueAsNumber || 0)) };
            }}
        /></label>
      </div>
      <label
        >${t.links.snippet}<textarea id="snippet" readonly rows="6" spellcheck="false" .value=${snippet} @focus=${select}></textarea>
      </label>
      <button type="button" @click=${() => this.copied(snippet)} aria-label="${t.links.copy}: ${t.links.snippet}">
        ${icons.copy}${t.links.copy}
      </button>
      <h3>${t.links.preview}</h3>
      <iframe
        title=${t.links.previewTitle}
        src=${localOf(this.addressOf(link))}
        style="--shape: ${picture ? `${picture.width} / ${picture.height}` : '16 / 9'}"
        allow="autoplay; encrypted-media; fullscreen; picture-in-picture"
        loading="lazy"
      ></iframe>
    `;
  }

  private choose(kind: Kind): void {
    this.kind = kind;
    this.link = undefined;
  }

  private async make(event: Event): Promise<void> {
    event.preventDefault();
    const given = new FormData(this.form);
    const kind = given.get('kind') as Kind;
    this.problem = '';
    this.picture = '';
    try {
      const link = await api.link(this.video.id, {
        ttl: Number(given.get('ttl')),
        kinds: [kind],
        origins: String(given.get('origins') ?? '')
          .split(/[\s,]+/)
          .filter((site) => site),
        label: String(given.get('label') ?? '').trim(),
      });
      this.show(link);
      this.form.reset();
      await this.list?.load();
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
  }

  private show(link: Link): void {
    const kind = link.kinds.find((one) => one !== 'pictures');
    if (!link.url || !kind) return;
    this.kind = kind;
    this.picture = '';
    this.link = { ...link, url: link.url, kind };
  }

  private onShow(event: CustomEvent<Link>): void {
    this.show(event.detail);
    void this.updateComplete.then(() => this.renderRoot.querySelector('.made')?.scrollIntoView({ block: 'nearest' }));
  }

  private onRevoked(event: CustomEvent<string[]>): void {
    if (this.link && event.detail.includes(this.link.id)) this.link = undefined;
  }

  private addressOf(link: Shown): string {
    if (link.kind !== 'embed') return link.url;
    const url = new URL(link.url);
    const { autoplay, loop, start } = this.options;
    if (autoplay) {
      url.searchParams.set('autoplay', '1');
      url.searchParams.set('muted', '1');
    }
    if (loop) url.searchParams.set('loop', '1');
    if (start > 0) url.searchParams.set('start', String(start));
    return url.href;
  }

  private snippetOf(link: Shown): string {
    const picture = pictureOf(this.video);
    const width = 640;
    const height = picture ? Math.round((width * Math.min(picture.height, picture.width)) / picture.width) : 120;
    const shape = picture ? `${picture.width} / ${picture.height}` : '640 / 120';
    const size = this.options.responsive
      ? `style="width: 100%; aspect-ratio: ${shape}; border: 0"`
      : `width="${width}" height="${height}" style="border: 0"`;
    return [
      `<iframe src="${escaped(this.addressOf(link))}"`,
      `  title="${escaped(this.video.name)}" ${size}`,
      '  allow="autoplay; encrypted-media; fullscreen; picture-in-picture" allowfullscreen',
      '  referrerpolicy="strict-origin-when-cross-origin" loading="lazy"></iframe>',
    ].join('\n');
  }

  private async copied(text: string): Promise<void> {
    if (await copy(text)) tell(t.links.copied);
  }

  private async draw(text: string): Promise<void> {
    const { default: encodeQR } = await import('qr');
    this.picture = encodeQR(text, 'svg', { ecc: 'low', border: 1 });
  }
}

const select = (event: Event) => (event.target as HTMLInputElement).select();

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** The same page of the vault that one is at: its public address may be another, which this page may not frame. */
function localOf(url: string): string {
  const { pathname, search } = new URL(url);
  return new URL(`./${pathname.slice(pathname.indexOf('/embed/') + 1)}${search}`, document.baseURI).href;
}
