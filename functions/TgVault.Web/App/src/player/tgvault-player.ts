import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Playable } from '../api/types';
import { t } from '../texts';
import './chrome';
import { renderControls } from './controls';
import { handKeys } from './keys';
import { addressOf, elementFor, goTo, type Media, type Place, placeOf, point } from './media';
import { playerStyles } from './player-styles';
import { keepPosition, positionOf } from './position';
import { renewPatiently, whyNot } from './renewal';
import { storage } from './storage';

/** How long one waits for more before it is said that one does. */
const patienceMs = 4000;
/** Failing again this soon after a renewal is no matter of an ended link. */
const renewalPauseMs = 20_000;
const keepingMs = 5000;

/** Told by a player that cannot go on; `detail` is a sentence for a person. */
export const problemEvent = 'problem';

/**
 * The vault's player: plays one video, and goes on where its addresses end by asking for new ones. Events of the media element, which
 * is `media`, are those of HTML.
 */
@customElement('tgvault-player')
export class TgvaultPlayer extends LitElement {
  static override styles = playerStyles;

  @property({ attribute: false }) playable?: Playable;
  /** Asks for the addresses anew. An error's `status`, if it has one, is that of the answer. */
  @property({ attribute: false }) renew?: () => Promise<Playable>;
  /** An element of the page that loads the video already. The player takes it for its own. */
  @property({ attribute: false }) begun?: HTMLVideoElement;
  @property({ type: Boolean }) autoplay = false;
  @property({ type: Boolean }) muted = false;
  @property({ type: Boolean }) loop = false;
  @property({ type: Boolean, attribute: 'no-controls' }) noControls = false;
  @property({ type: Boolean, attribute: 'show-title' }) showTitle = false;
  @property() preload: 'none' | 'metadata' | 'auto' = 'metadata';
  @property() poster = '';
  /** Where to begin, in seconds; without it, where one was. */
  @property({ type: Number }) start?: number;
  @property({ type: Number }) rate = 1;
  /** The language of captions to show from the beginning. */
  @property({ attribute: 'text-track' }) textTrack = '';

  @state() media?: Media;

  /** Whether there is more than one size to choose from; the bar would offer a choice of one. */
  @state() private hasSizes = false;
  @state() private problem = '';
  /** What one waits for, in words. */
  @state() private wait = '';
  @query('media-controller') private controls?: HTMLElement & { fullscreenElement: Element };
  private patience?: ReturnType<typeof setTimeout>;
  private renewedAt = 0;
  private keptAt = 0;
  /** Where to go on once the media knows its video. */
  private goOn?: Place;
  private isRenewing = false;
  /** Whether the part for HLS is wanted: it is three times the rest, so a page that only shows the player goes without. */
  private isNear = false;
  /** Whether it is meant to play, as far as people are concerned. */
  private plays = false;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.onKey);
    window.addEventListener('online', this.onOnline);
    window.addEventListener('pagehide', this.keep);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.onKey);
    window.removeEventListener('online', this.onOnline);
    window.removeEventListener('pagehide', this.keep);
    this.keep();
    clearTimeout(this.patience);
  }

  /** Plays, as soon as there is something to play. */
  play(): void {
    this.isAwaited = !this.media;
    if (this.goOn) this.goOn = { ...this.goOn, plays: true };
    this.approach();
    this.media?.play().catch((problem: Error) => {
      // A pause that came meanwhile, and addresses that change, are no problem.
      if (problem.name !== 'AbortError') this.dispatchEvent(new CustomEvent(problemEvent, { detail: problem.message }));
    });
  }

  pause(): void {
    this.isAwaited = false;
    if (this.goOn) this.goOn = { ...this.goOn, plays: false };
    this.media?.pause();
  }

  /** @param seconds from the beginning. */
  seek(seconds: number): void {
    if (!Number.isFinite(seconds)) throw new Error('A time is a number of seconds.');
    if (this.goOn) this.goOn = { ...this.goOn, seconds };
    this.approach();
    if (this.media?.readyState) this.media.currentTime = seconds;
  }

  /** Runs this with the media element, now or once it is there. */
  withMedia(run: (media: HTMLVideoElement) => void): void {
    if (this.media) run(this.media);
    else this.pending.push(run);
    this.approach();
  }

  private isAwaited = false;
  private pending: ((media: HTMLVideoElement) => void)[] = [];

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { playable } = this;
    if (!changed.has('playable') || !playable) return;
    this.problem = '';
    if (changed.get('playable')?.id !== playable.id) {
      const seconds = this.start ?? positionOf(playable.id);
      this.goOn = { seconds, plays: this.autoplay || this.isAwaited, rate: this.rate, text: this.textTrack };
    }
    this.isNear ||= this.autoplay || this.isAwaited || this.preload === 'auto';
    if (elementFor(playable) === 'video') this.load('video', playable);
    else if (this.isNear) void this.loadHls(playable);
  }

  /** Somebody is about to play it: what was spared until then is loaded. */
  private approach = (): void => {
    this.readPreviews();
    const { playable } = this;
    if (this.isNear) return;
    this.isNear = true;
    if (playable && !this.media && elementFor(playable) !== 'video') void this.loadHls(playable);
  };

  private async loadHls(playable: Playable): Promise<void> {
    try {
      await import('./vault-hls');
    } catch {
      if (this.playable === playable) this.tellProblem(t.player.unreachable);
      return;
    }
    if (this.playable === playable) this.load('vault-hls', playable);
  }

  private load(name: 'video' | 'vault-hls', playable: Playable): void {
    const media = this.media?.localName === name ? this.media : this.make(name);
    const poster = this.posterOf(playable);
    // Of no use where the film's own picture is there and plays.
    if (poster && !(this.autoplay && media.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA)) media.setAttribute('poster', poster);
    this.goOn ??= placeOf(media, this.plays);
    const loads = point(media, playable, this.goOn);
    this.media = media;
    this.isAwaited = false;
    for (const run of this.pending.splice(0)) run(media);
    if (loads) return;
    if (media.error) this.onError();
    else if (media.readyState >= HTMLMediaElement.HAVE_METADATA) this.onMetadata();
  }

  private make(name: 'video' | 'vault-hls'): Media {
    const media = ((name === 'video' && this.begun) || document.createElement(name)) as Media;
    this.begun = undefined;
    media.slot = 'media';
    media.setAttribute('crossorigin', 'anonymous');
    media.toggleAttribute('playsinline', true);
    media.setAttribute('preload', this.preload);
    media.toggleAttribute('autoplay', this.autoplay);
    media.toggleAttribute('loop', this.loop);
    media.toggleAttribute('muted', this.muted);
    media.muted = this.muted;
    const listeners: [string, (event: Event) => void][] = [
      ['loadedmetadata', this.onMetadata],
      ['timeupdate', this.onTime],
      ['play', this.onPlay],
      ['pause', this.onPause],
      ['waiting', this.onWaiting],
      ['playing', this.onPlaying],
      ['seeked', this.onPlaying],
      ['canplay', this.onPlaying],
      ['error', this.onError],
    ];
    for (const [event, listen] of listeners) media.addEventListener(event, (told) => told.target === media && listen(told));
    return media;
  }

  protected override firstUpdated(): void {
    // With the words that may lie over it.
    if (this.controls) this.controls.fullscreenElement = this;
  }

  protected override render(): TemplateResult {
    // Nothing of the kind may be asked of a storage that throws.
    const keepsNothing = storage() === undefined;
    const { problem, wait } = this;
    return html`<media-controller
        breakpoints="sm:420 md:620 lg:960"
        nosubtitleslangpref=${keepsNothing ? '' : nothing}
        novolumepref=${keepsNothing ? '' : nothing}
        nomutedpref=${keepsNothing || this.muted ? '' : nothing}
        ?nohotkeys=${this.noControls}
        gesturesdisabled=${this.noControls ? '' : nothing}
        @mediaplayrequest=${this.onPlayRequest}
        @pointerover=${this.approach}
        @focusin=${this.approach}
        >${this.media ?? this.renderPoster()}${
          this.noControls ? nothing : renderControls({ title: this.showTitle ? this.playable?.title : '', hasSizes: this.hasSizes })
        }</media-controller
      >
      ${
        problem
          ? html`<div class="words" role="alert">
            <span>${problem}</span><button type="button" @click=${this.tryAgain}>${t.player.again}</button>
          </div>`
          : nothing
      }
      ${wait && !problem ? html`<div class="waiting" role="status">${wait}</div>` : nothing}`;
  }

  /** What stands there while nothing of the video does. */
  private renderPoster(): TemplateResult | typeof nothing {
    const poster = this.playable && this.posterOf(this.playable);
    return poster ? html`<img slot="poster" src=${poster} alt="" />` : nothing;
  }

  private posterOf(playable: Playable): string {
    return this.poster || (playable.poster ? addressOf(playable, playable.poster) : '');
  }

  private onKey = (event: KeyboardEvent): void => {
    if (this.controls && !this.noControls && !this.problem && handKeys(event, this.controls)) this.approach();
  };

  private onMetadata = (): void => {
    const { media, goOn } = this;
    if (!media) return;
    this.hasSizes = (media.videoRenditions?.length ?? 0) > 1;
    this.goOn = undefined;
    if (goOn) goTo(media, goOn);
  };

  /** Previews are read once somebody comes near them, and not by every page that shows a player. */
  private readPreviews(): void {
    for (const track of this.media?.textTracks ?? []) {
      if (track.kind === 'metadata' && track.mode === 'disabled') track.mode = 'hidden';
    }
  }

  /** Pressed before there is anything to play. */
  private onPlayRequest(): void {
    if (!this.media) this.play();
  }

  private onPlay = (): void => {
    this.plays = true;
  };

  private onPause = (): void => {
    // Where it fails, Chromium pauses it: nobody else did.
    if (!this.media?.error) this.plays = false;
    this.keep();
  };

  private onTime = (): void => {
    const now = Date.now();
    if (now - this.keptAt < keepingMs) return;
    this.keptAt = now;
    this.keep();
  };

  private keep = (): void => {
    const { media, playable } = this;
    if (media && playable && media.readyState > 0) keepPosition(playable.id, media.currentTime, media.duration);
  };

  private onWaiting = (): void => {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => {
      this.wait ||= t.player.waiting;
    }, patienceMs);
  };

  private onPlaying = (): void => {
    clearTimeout(this.patience);
    this.wait = '';
    const { media, playable } = this;
    // A file of which the browser knows the sound only would play in the dark.
    const isDark = media?.localName === 'video' && media.readyState >= 2 && media.videoWidth === 0 && (playable?.width ?? 0) > 0;
    if (isDark && !navigator.vendor.startsWith('Apple')) this.tellProblem(t.player.format);
  };

  private onError = (event?: Event): void => {
    const { media, playable } = this;
    if (!media || !playable || this.isRenewing) return;
    const code = media.error?.code ?? (isOfNetwork(event) ? MediaError.MEDIA_ERR_NETWORK : MediaError.MEDIA_ERR_DECODE);
    const recently = Date.now() - this.renewedAt < renewalPauseMs;
    if (this.renew && !recently) void this.renewAddresses();
    else if (code === MediaError.MEDIA_ERR_NETWORK) this.tellProblem(t.player.failed);
    else if (code === MediaError.MEDIA_ERR_DECODE) this.tellProblem(t.player.format);
    else void whyNot(addressOf(playable, playable.source)).then((why) => this.tellProblem(why));
  };

  private onOnline = (): void => {
    if (this.problem) this.tryAgain();
  };

  private tryAgain(): void {
    this.problem = '';
    void this.renewAddresses();
  }

  /** The link has ended, or the connection broke for longer than the browser tries: new addresses, and on from the same place. */
  private async renewAddresses(): Promise<void> {
    const { media, renew } = this;
    if (!renew || this.isRenewing) return;
    this.isRenewing = true;
    this.goOn ??= media && placeOf(media, this.plays);
    const saying = setTimeout(() => {
      this.wait = t.player.reconnecting;
    }, patienceMs / 4);
    try {
      this.playable = await renewPatiently(renew);
    } catch (problem) {
      this.tellProblem((problem as Error).message || t.player.failed);
    } finally {
      clearTimeout(saying);
      this.wait = '';
      this.isRenewing = false;
      this.renewedAt = Date.now();
    }
  }

  private tellProblem(words: string): void {
    this.problem = words;
    this.media?.pause();
    this.dispatchEvent(new CustomEvent(problemEvent, { detail: words }));
  }
}

/** Of hls.js, which says more than a media element could. */
const isOfNetwork = (event?: Event) => event instanceof CustomEvent && event.detail?.type === 'networkError';

declare global {
  interface HTMLElementTagNameMap {
    'tgvault-player': TgvaultPlayer;
  }
}
