import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Playable } from '../api/types';
import { t } from '../texts';
import './chrome';
import { playerStyles } from './player-styles';
import { keepPosition, positionOf } from './position';
import { storage } from './storage';

const rates = '0.5 0.75 1 1.25 1.5 2';
/** How long one waits for more before it is said that one does. */
const patienceMs = 4000;
/** Failing again this soon after a renewal is no matter of an ended link. */
const renewalPauseMs = 20_000;

/**
 * The vault's player: plays one video, and goes on where its addresses end by asking for new ones. Events of the media element, which
 * is `media`, are those of HTML.
 */
@customElement('tgvault-player')
export class TgvaultPlayer extends LitElement {
  static override styles = playerStyles;

  @property({ attribute: false }) playable?: Playable;
  /** Asks for the addresses anew. */
  @property({ attribute: false }) renew?: () => Promise<Playable>;
  @property({ type: Boolean }) autoplay = false;
  @property({ type: Boolean }) muted = false;
  @property({ type: Boolean }) loop = false;
  @property({ type: Boolean, attribute: 'no-controls' }) noControls = false;
  @property({ type: Boolean, attribute: 'show-title' }) showTitle = false;
  @property() preload: 'none' | 'metadata' | 'auto' = 'metadata';
  /** Where to begin, in seconds; without it, where one was. */
  @property({ type: Number }) start?: number;
  @property({ type: Number }) rate = 1;
  /** The language of captions to show from the beginning. */
  @property({ attribute: 'text-track' }) textTrack = '';

  @query('[slot=media]') media?: HTMLVideoElement;

  @state() private hasHls = false;
  /** Whether there is more than one size to choose from; the bar would offer a choice of one. */
  @state() private hasSizes = false;
  @state() private problem = '';
  @state() private isWaiting = false;
  private waiting?: ReturnType<typeof setTimeout>;
  private renewedAt = 0;
  /** Where to go on once the media is known, and whether to play then. */
  private goOn?: { seconds: number; plays: boolean };

  /** Whether somebody pressed play before there was anything to play. */
  private isAwaited = false;

  private get isHls(): boolean {
    return this.playable?.source.endsWith('.m3u8') ?? false;
  }

  /** Safari and what stands on it play HLS by themselves; Chromium says so too, but switches less well than hls.js. */
  private get isNative(): boolean {
    return !this.isHls || navigator.vendor.startsWith('Apple');
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('playable') || !this.playable) return;
    this.problem = '';
    const former = changed.get('playable');
    if (former?.id !== this.playable.id) {
      const from = this.start ?? positionOf(this.playable.id);
      this.goOn = { seconds: from, plays: false };
    }
    if (this.isNative) return;
    import('./vault-hls').then(
      () => {
        this.hasHls = true;
      },
      () => {
        this.problem = t.player.failed;
      },
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.keep();
    clearTimeout(this.waiting);
  }

  protected override render(): TemplateResult {
    const playable = this.playable;
    // Nothing of the kind may be asked of a storage that throws.
    const keepsNothing = storage() === undefined;
    return html`<media-controller
        breakpoints="sm:420 md:620 lg:960"
        nosubtitleslangpref=${keepsNothing ? '' : nothing}
        novolumepref=${keepsNothing ? '' : nothing}
        nomutedpref=${keepsNothing || this.muted ? '' : nothing}
        ?nohotkeys=${this.noControls}
        gesturesdisabled=${this.noControls ? '' : nothing}
        @mediaplayrequest=${this.onPlayRequest}
      >
        ${playable && (this.isNative || this.hasHls) ? this.renderMedia(playable) : nothing}
        ${this.noControls ? nothing : this.renderControls(playable)}
      </media-controller>
      ${
        this.problem
          ? html`<div class="words" role="alert">
            <span>${this.problem}</span><button type="button" @click=${this.tryAgain}>${t.player.again}</button>
          </div>`
          : nothing
      }
      ${this.isWaiting && !this.problem ? html`<div class="waiting" role="status">${t.player.waiting}</div>` : nothing}`;
  }

  private renderMedia(playable: Playable): TemplateResult {
    const source = this.address(playable.source);
    if (!this.isNative) {
      return html`<vault-hls
        slot="media"
        src=${source}
        poster=${playable.poster ? this.address(playable.poster) : nothing}
        crossorigin="anonymous"
        playsinline
        preload=${this.preload}
        ?autoplay=${this.autoplay}
        ?muted=${this.muted}
        .muted=${this.muted}
        ?loop=${this.loop}
        .config=${{ capLevelToPlayerSize: true }}
        @loadedmetadata=${this.onMetadata}
        @timeupdate=${this.onTime}
        @pause=${this.keep}
        @waiting=${this.onWaiting}
        @playing=${this.onPlaying}
        @seeked=${this.onPlaying}
        @canplay=${this.onPlaying}
        @error=${this.onError}
        >${this.renderPreviews(playable)}</vault-hls
      >`;
    }
    return html`<video
      slot="media"
      src=${source}
      poster=${playable.poster ? this.address(playable.poster) : nothing}
      crossorigin="anonymous"
      playsinline
      preload=${this.preload}
      ?autoplay=${this.autoplay}
      ?muted=${this.muted}
      .muted=${this.muted}
      ?loop=${this.loop}
      @loadedmetadata=${this.onMetadata}
      @timeupdate=${this.onTime}
      @pause=${this.keep}
      @waiting=${this.onWaiting}
      @playing=${this.onPlaying}
      @seeked=${this.onPlaying}
      @canplay=${this.onPlaying}
      @error=${this.onError}
    >
      ${this.renderPreviews(playable)}
      ${
        this.isHls
          ? nothing
          : playable.captions.map(
              (text) =>
                html`<track
                  kind="captions"
                  srclang=${text.language}
                  label=${text.name}
                  src=${this.address(text.source)}
                  ?default=${this.textTrack !== '' && matches(text.language, this.textTrack)}
                />`,
            )
      }
    </video>`;
  }

  /** What media-chrome looks for when one points at the time. */
  private renderPreviews(playable: Playable): TemplateResult | typeof nothing {
    if (!playable.storyboard || this.noControls) return nothing;
    return html`<track kind="metadata" label="thumbnails" default src=${this.address(playable.storyboard)} />`;
  }

  private renderControls(playable?: Playable): TemplateResult {
    return html`
      ${this.showTitle ? html`<h1 slot="top-chrome" class="top">${playable?.title}</h1>` : nothing}
      <media-play-button slot="centered-chrome" class="big" notooltip></media-play-button>
      <media-loading-indicator slot="centered-chrome" noautohide loadingdelay="800"></media-loading-indicator>
      <media-captions-menu hidden anchor="auto"></media-captions-menu>
      <media-audio-track-menu hidden anchor="auto"></media-audio-track-menu>
      <media-rendition-menu hidden anchor="auto"></media-rendition-menu>
      <media-playback-rate-menu hidden anchor="auto" rates=${rates}></media-playback-rate-menu>
      <div class="shade"></div>
      <media-time-range>
        <media-preview-thumbnail slot="preview"></media-preview-thumbnail>
        <media-preview-chapter-display slot="preview"></media-preview-chapter-display>
        <media-preview-time-display slot="preview"></media-preview-time-display>
      </media-time-range>
      <media-control-bar>
        <media-play-button></media-play-button>
        <media-seek-backward-button seekoffset="10"></media-seek-backward-button>
        <media-seek-forward-button seekoffset="10"></media-seek-forward-button>
        <media-mute-button></media-mute-button>
        <media-volume-range></media-volume-range>
        <media-time-display showduration notoggle></media-time-display>
        <span class="space"></span>
        <media-captions-menu-button></media-captions-menu-button>
        <media-audio-track-menu-button></media-audio-track-menu-button>
        <media-rendition-menu-button ?hidden=${!this.hasSizes}></media-rendition-menu-button>
        <media-playback-rate-menu-button>${speedIcon}</media-playback-rate-menu-button>
        <media-airplay-button></media-airplay-button>
        <media-cast-button></media-cast-button>
        <media-pip-button></media-pip-button>
        <media-fullscreen-button></media-fullscreen-button>
      </media-control-bar>
    `;
  }

  private address(path: string): string {
    return new URL(`${this.playable?.base}${path}`, document.baseURI).href;
  }

  private onMetadata(): void {
    const media = this.media;
    if (!media) return;
    if (this.rate !== 1) media.playbackRate = this.rate;
    if (this.textTrack && this.isHls) this.showText(media);
    this.hasSizes = ((media as { videoRenditions?: { length: number } }).videoRenditions?.length ?? 0) > 1;
    const { seconds, plays } = this.goOn ?? { seconds: 0, plays: false };
    this.goOn = undefined;
    if (seconds > 0 && seconds < media.duration) media.currentTime = seconds;
    if (plays || this.isAwaited) media.play().catch(() => undefined);
    this.isAwaited = false;
  }

  private onPlayRequest(): void {
    if (!this.media) this.isAwaited = true;
  }

  private showText(media: HTMLVideoElement): void {
    const show = () => {
      const track = [...media.textTracks].find((one) => matches(one.language, this.textTrack));
      if (track) track.mode = 'showing';
      return track !== undefined;
    };
    if (!show()) media.textTracks.addEventListener('addtrack', show, { once: true });
  }

  private lastKept = 0;

  private onTime(): void {
    const now = Date.now();
    if (now - this.lastKept < 5000) return;
    this.lastKept = now;
    this.keep();
  }

  private keep(): void {
    const media = this.media;
    if (media && this.playable && media.readyState > 0) keepPosition(this.playable.id, media.currentTime, media.duration);
  }

  private onWaiting(): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.isWaiting = true;
    }, patienceMs);
  }

  private onPlaying(): void {
    clearTimeout(this.waiting);
    this.isWaiting = false;
  }

  private onError(event: Event): void {
    // A track that does not load bubbles no further than this.
    if (event.target !== this.media) return;
    const recently = Date.now() - this.renewedAt < renewalPauseMs;
    if (this.renew && !recently) void this.renewAddresses();
    else this.problem = this.media?.error?.code === MediaError.MEDIA_ERR_DECODE ? t.player.format : t.player.failed;
  }

  private tryAgain(): void {
    this.problem = '';
    void this.renewAddresses();
  }

  /** The link has ended, or the connection broke for longer than the browser tries: new addresses, and on from the same place. */
  private async renewAddresses(): Promise<void> {
    const media = this.media;
    const plays = media ? !media.paused || this.autoplay : this.autoplay;
    const seconds = this.goOn?.seconds ?? media?.currentTime ?? 0;
    this.renewedAt = Date.now();
    try {
      const renewed = await this.renew?.();
      if (!renewed) throw new Error(t.player.failed);
      this.goOn = { seconds, plays };
      this.playable = renewed;
    } catch (error) {
      this.problem = error instanceof Error && error.message ? error.message : t.player.failed;
    }
  }
}

// In place of a figure that is not the button's name (WCAG 2.5.3).
const speedIcon = html`<svg
  slot="icon"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  aria-hidden="true"
>
  <path d="M5.600 18.400a9 9 0 1 1 12.800 0M12 13l4-4" />
</svg>`;

function matches(language: string, wanted: string): boolean {
  const [one, other] = [language.toLowerCase(), wanted.toLowerCase()];
  return one === other || one.split('-')[0] === other;
}

declare global {
  interface HTMLElementTagNameMap {
    'tgvault-player': TgvaultPlayer;
  }
}
