import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { api, signedOutEvent } from '../api/client';
import { live } from '../api/live';
import '../library/library-page';
import { lists } from '../library/lists';
import { selection } from '../library/selection';
import { library } from '../library/store';
import { base } from '../styles/base';
import { t } from '../texts';
import { readDropped } from '../uploads/dropped';
import { queue } from '../uploads/queue';
import '../uploads/upload-panel';
import { icons } from './icons';
import './notice';
import { followPlace, navigate, type Place, readPlace, to } from './router';
import './sign-in';

/** Fetches a page's script, once. */
function loadPage({ page }: Place): void {
  if (page === 'video') void import('../video/video-page');
  if (page === 'settings') void import('../settings/settings-page');
}

/** The whole app: who is signed in, which page is looked at, and what stands around all of them. */
@customElement('vault-app')
export class VaultApp extends LitElement {
  static override styles = [
    base,
    css`
      header {
        position: sticky;
        top: 0;
        z-index: 20;
        display: flex;
        align-items: center;
        gap: 0.5rem;
        padding: 0.5rem clamp(0.75rem, 3vw, 2rem);
        background: color-mix(in srgb, var(--page) 88%, transparent);
        backdrop-filter: blur(10px);
        border-bottom: 1px solid var(--line);
      }
      .home {
        display: inline-flex;
        align-items: center;
        gap: 0.6rem;
        min-height: 2.5rem;
        color: inherit;
        font-weight: 700;
        text-decoration: none;
        margin-inline-end: auto;
        border-radius: 8px;
      }
      .home svg {
        width: 1.9rem;
        height: 1.9rem;
      }
      main {
        padding: 1.25rem clamp(0.75rem, 3vw, 2rem) 6rem;
        max-width: 110rem;
        margin-inline: auto;
      }
      main:focus {
        outline: none;
      }
      .skip {
        position: absolute;
        left: 1rem;
        top: -4rem;
        z-index: 30;
      }
      .skip:focus {
        top: 0.5rem;
      }
      .offline {
        background: var(--wait-soft);
        color: var(--wait);
        text-align: center;
        padding: 0.45rem 1rem;
        font-size: 0.9rem;
      }
      .drop {
        position: fixed;
        inset: 0.75rem;
        z-index: 50;
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 0.75rem;
        border: 3px dashed var(--accent);
        border-radius: 18px;
        background: color-mix(in srgb, var(--accent-soft) 92%, transparent);
        color: var(--accent);
        font-size: 1.25rem;
        font-weight: 650;
        pointer-events: none;
      }
      .drop svg {
        width: 3rem;
        height: 3rem;
      }
      .unknown {
        padding-block: 15vh;
        text-align: center;
        justify-items: center;
      }
      @media (max-width: 30rem) {
        .word {
          display: none;
        }
      }
    `,
  ];

  @state() private isSignedIn?: boolean;
  @state() private wasSignedIn = false;
  @state() private place: Place = readPlace();
  @state() private isDropping = false;
  @state() private isOffline = false;
  private code = '';

  override connectedCallback(): void {
    super.connectedCallback();
    followPlace(() => this.moved());
    window.addEventListener(signedOutEvent, () => this.ended());
    live.addEventListener('lost', () => {
      this.isOffline = true;
    });
    live.addEventListener('connected', () => {
      this.isOffline = false;
    });
    for (const name of ['dragenter', 'dragover', 'dragleave', 'drop'] as const)
      window.addEventListener(name, (event) => this.onDrag(event));
    void this.begin();
  }

  private async begin(): Promise<void> {
    if (this.place.page === 'signin') {
      this.code = location.hash.slice(1);
      // The code is spent in a moment; it need not stand in the address.
      navigate(to.library, true);
    }
    loadPage(this.place);
    if (this.place.page === 'video') api.showAhead(this.place.id);
    try {
      const { signedIn } = await api.session();
      if (signedIn) this.started();
      else this.isSignedIn = false;
    } catch {
      this.isOffline = true;
      setTimeout(() => void this.begin(), 3000);
    }
  }

  private started(): void {
    this.isSignedIn = true;
    this.wasSignedIn = true;
    this.isOffline = false;
    this.code = '';
    live.start();
    void queue.restore();
  }

  private ended(): void {
    this.isSignedIn = false;
    live.stop();
    queue.pauseAll();
    library.forget();
    lists.forget();
    selection.clear();
  }

  private async signOut(): Promise<void> {
    await api.signOut();
    this.wasSignedIn = false;
    this.ended();
    navigate(to.library);
  }

  private moved(): void {
    this.place = readPlace();
    if (this.place.page !== 'library') window.scrollTo(0, 0);
    void this.updateComplete.then(() => this.renderRoot.querySelector('main')?.focus({ preventScroll: true }));
  }

  private onDrag(event: DragEvent): void {
    if (!this.isSignedIn || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.isDropping = event.type === 'dragenter' || event.type === 'dragover';
    if (event.type === 'drop') void readDropped(event.dataTransfer).then((files) => queue.add(files, library.filter.folder));
  }

  protected override render(): TemplateResult {
    if (this.isSignedIn === undefined) return html`${this.renderOffline()}<vault-notice></vault-notice>`;
    if (!this.isSignedIn) {
      return html`${this.renderOffline()}
        <vault-sign-in
          .code=${this.code}
          .words=${this.wasSignedIn ? t.signIn.again : ''}
          @signed-in=${this.started}
        ></vault-sign-in>`;
    }
    return html`
      <header>
        <button class="primary skip" type="button" @click=${this.skip}>${t.app.skip}</button>
        <a class="home" href=${to.library} aria-label="${t.app.name}: ${t.app.library}">${icons.logo}<span>${t.app.name}</span></a>
        <a
          class="button quiet"
          href=${to.settings}
          aria-label=${t.app.settings}
          aria-current=${this.place.page === 'settings' ? 'page' : nothing}
          >${icons.settings}<span class="word">${t.app.settings}</span></a
        >
        <button class="quiet" type="button" aria-label=${t.app.signOut} @click=${this.signOut}>
          ${icons.signOut}<span class="word">${t.app.signOut}</span>
        </button>
      </header>
      ${this.renderOffline()}
      <main id="main" tabindex="-1">${this.renderPage()}</main>
      <upload-panel ?quiet=${this.place.page !== 'library'}></upload-panel>
      <vault-notice></vault-notice>
      ${this.isDropping ? html`<div class="drop">${icons.upload}<span>${t.uploads.drop}</span></div>` : nothing}
    `;
  }

  private renderOffline(): TemplateResult | typeof nothing {
    return this.isOffline ? html`<div class="offline" role="status">${t.app.offline}</div>` : nothing;
  }

  private renderPage(): TemplateResult {
    loadPage(this.place);
    switch (this.place.page) {
      case 'video':
        return html`<video-page .videoId=${this.place.id}></video-page>`;
      case 'settings':
        return html`<settings-page></settings-page>`;
      case 'unknown':
        return html`<div class="stack unknown">
          <h1>${t.app.notFound}</h1>
          <a class="button" href=${to.library}>${t.app.toLibrary}</a>
        </div>`;
      default:
        return html`<library-page></library-page>`;
    }
  }

  private skip(): void {
    this.renderRoot.querySelector('main')?.focus();
  }
}
