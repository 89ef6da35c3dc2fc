import { html, nothing, type TemplateResult } from 'lit';

const rates = '0.5 0.75 1 1.25 1.5 2';

/** What one sees and presses around the picture. */
export function renderControls(shown: { title?: string; hasSizes: boolean }): TemplateResult {
  return html`
    ${shown.title ? html`<h1 slot="top-chrome" class="top">${shown.title}</h1>` : nothing}
    <media-play-button slot="centered-chrome" class="big" notooltip></media-play-button>
    <media-loading-indicator slot="centered-chrome" noautohide loadingdelay="800"></media-loading-indicator>
    <media-captions-menu .formatMenuItemText=${nameOf} hidden anchor="auto">${noWayBack}</media-captions-menu>
    <media-audio-track-menu .formatMenuItemText=${nameOf} hidden anchor="auto">${noWayBack}</media-audio-track-menu>
    <media-rendition-menu hidden anchor="auto">${noWayBack}</media-rendition-menu>
    <media-playback-rate-menu hidden anchor="auto" rates=${rates}>${noWayBack}</media-playback-rate-menu>
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
      <media-rendition-menu-button ?hidden=${!shown.hasSizes}></media-rendition-menu-button>
      <media-playback-rate-menu-button>${speedIcon}</media-playback-rate-menu-button>
      <media-airplay-button></media-airplay-button>
      <media-cast-button></media-cast-button>
      <media-pip-button></media-pip-button>
      <media-fullscreen-button></media-fullscreen-button>
    </media-control-bar>
  `;
}

// In place of a hidden button that leads from a menu to the one before it, which there is not: nothing but items may be in a menu.
const noWayBack = html`<span slot="header" hidden></span>`;

const languages = new Intl.DisplayNames('en', { type: 'language' });

/** A track without a name of its own has its language tag for one. */
function nameOf(text: string): string {
  return /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(text) ? (languages.of(text) ?? text) : text;
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
