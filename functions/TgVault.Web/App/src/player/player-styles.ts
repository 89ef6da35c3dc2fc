import { css } from 'lit';

export const playerStyles = css`
  :host {
    display: block;
    position: relative;
    background: #000;
    color: #fff;
    line-height: 1.2;
    --accent: var(--player-accent, #5b9bff);
  }
  media-controller {
    display: block;
    width: 100%;
    height: 100%;
    font-family: inherit;
    --media-font-family: inherit;
    --media-primary-color: #fff;
    --media-text-color: #fff;
    --media-icon-color: #fff;
    --media-control-background: transparent;
    --media-control-hover-background: rgb(255 255 255 / 0.16);
    --media-control-padding: 8px;
    --media-control-height: 24px;
    --media-range-bar-color: var(--accent);
    --media-range-thumb-background: #fff;
    --media-range-track-background: rgb(255 255 255 / 0.3);
    --media-time-range-buffered-color: rgb(255 255 255 / 0.35);
    --media-menu-background: rgb(22 25 30 / 0.94);
    --media-menu-border-radius: 10px;
    --media-menu-item-hover-background: rgb(255 255 255 / 0.14);
    --media-focus-box-shadow: 0 0 0 2px #fff, 0 0 0 4px #1a5fd6;
    --media-settings-menu-item-border-radius: 6px;
    --media-preview-border-radius: 6px;
  }
  video,
  vault-hls {
    width: 100%;
    height: 100%;
    background: #000;
  }
  /* Captions stay above the bar, while it is there. vault-hls has the same for the element within it. */
  [slot="media"] {
    --media-webkit-text-track-transform: translateY(-5rem);
    --media-webkit-text-track-transition: transform 0.2s;
  }
  media-controller:is([nohotkeys], [userinactive]:not([mediapaused])) [slot="media"] {
    --media-webkit-text-track-transform: none;
  }
  video::-webkit-media-text-track-container {
    transform: var(--media-webkit-text-track-transform);
    transition: var(--media-webkit-text-track-transition);
  }
  video::cue {
    background: rgb(0 0 0 / 0.75);
  }
  img[slot="poster"] {
    width: 100%;
    height: 100%;
    object-fit: contain;
  }
  /* Without a video they have nothing to say or to do. */
  media-controller:not(:has([slot="media"])) :is(media-time-range, media-control-bar, .shade) {
    display: none;
  }
  .shade {
    position: absolute;
    inset: auto 0 0;
    height: 7.5rem;
    background: linear-gradient(transparent, rgb(0 0 0 / 0.75));
    pointer-events: none;
  }
  .top {
    position: absolute;
    inset: 0 0 auto;
    margin: 0;
    font-size: 1rem;
    padding: 0.9rem 1rem 2.5rem;
    background: linear-gradient(rgb(0 0 0 / 0.7), transparent);
    font-weight: 600;
    text-shadow: 0 1px 2px rgb(0 0 0 / 0.6);
    overflow-wrap: anywhere;
    pointer-events: none;
  }
  media-playback-rate-menu-button svg {
    fill: none;
    width: 24px;
    height: 24px;
    display: block;
  }
  /* Above the shade. */
  media-time-range,
  media-control-bar {
    position: relative;
  }
  media-time-range {
    width: 100%;
    height: 20px;
    padding-inline: 12px;
    box-sizing: border-box;
    --media-control-hover-background: transparent;
    --media-range-track-height: 4px;
    --media-range-track-border-radius: 2px;
  }
  media-control-bar {
    align-items: center;
    padding: 0 6px 6px;
    width: 100%;
    box-sizing: border-box;
  }
  media-control-bar > *:not(.space) {
    border-radius: 8px;
    flex: none;
  }
  media-volume-range {
    width: 84px;
    padding-inline: 4px 8px;
    --media-control-hover-background: transparent;
  }
  media-time-display {
    font-variant-numeric: tabular-nums;
    font-size: 0.86rem;
    --media-control-hover-background: transparent;
  }
  .space {
    flex: 1;
    min-width: 0;
  }
  .big {
    --media-button-icon-width: 40px;
    --media-button-icon-height: 40px;
    --media-control-hover-background: var(--accent);
    --media-control-background: rgb(20 24 30 / 0.72);
    width: 84px;
    height: 84px;
    padding: 0;
    border-radius: 50%;
  }
  media-controller[mediahasplayed] .big {
    display: none;
  }
  media-loading-indicator {
    --media-loading-indicator-icon-height: 64px;
  }
  /* What there is nothing to choose with takes no room. */
  media-control-bar
    > :is(
      [hidden],
      [mediaaudiotrackunavailable],
      [mediarenditionunavailable],
      [mediapipunavailable],
      [mediaairplayunavailable],
      [mediacastunavailable],
      [mediafullscreenunavailable],
      [mediavolumeunavailable]
    ),
  media-captions-menu-button:not([mediasubtitleslist]),
  media-controller:not([breakpointsm]) :is(media-volume-range, media-seek-backward-button, media-seek-forward-button),
  media-controller:not([breakpointmd]) :is(media-playback-rate-menu-button, media-pip-button) {
    display: none;
  }
  .words {
    position: absolute;
    inset: 0;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 1rem;
    padding: 1.25rem;
    text-align: center;
    text-wrap: balance;
    background: #111418;
    font-size: 1rem;
    line-height: 1.5;
    z-index: 3;
  }
  .words button {
    font: inherit;
    font-weight: 600;
    color: #0b1220;
    background: #fff;
    border: 0;
    border-radius: 8px;
    padding: 0.55rem 1.1rem;
    cursor: pointer;
  }
  .words button:focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  .waiting {
    position: absolute;
    left: 50%;
    bottom: 5rem;
    transform: translateX(-50%);
    padding: 0.35rem 0.8rem;
    border-radius: 999px;
    background: rgb(20 24 30 / 0.85);
    font-size: 0.86rem;
    white-space: nowrap;
    pointer-events: none;
    z-index: 2;
  }
`;
