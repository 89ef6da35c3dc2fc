import { html, nothing, type TemplateResult } from 'lit';
import { address } from '../api/client';
import type { Video } from '../api/types';
import { icons } from '../app/icons';
import { bytes, span, timeOfDay } from '../format';
import { t } from '../texts';

/** The stage of an ingest in words for people. */
const stages: Record<string, string> = {
  none: t.ingest.queued,
  inspecting: t.ingest.inspecting,
  preparing: t.ingest.preparing,
  sending: t.ingest.sending,
  verifying: t.ingest.verifying,
  committing: t.ingest.committing,
  cleaningUp: t.ingest.committing,
};

export function stageOf(video: Video): string {
  return stages[video.stage] ?? t.library.states.ingesting;
}

/** What it waits for, in a few words; empty where it goes on. */
export function waitOf({ waiting }: Video): string {
  switch (waiting?.why) {
    case undefined:
      return '';
    case 'upload':
      return t.waits.upload(waiting?.percent);
    case 'place':
      return t.waits.place(waiting?.ahead ?? 0);
    case 'floodWait':
    case 'pace':
      return waiting?.until ? t.waits.until(timeOfDay(waiting.until)) : t.waits.telegram;
    case 'telegramUnreachable':
    case 'botToken':
    case 'botRights':
    case 'storage':
      return t.waits[waiting.why];
    default:
      return t.waits.other;
  }
}

/** The vault's own sentence, where it says more than the few words: what to do about it. */
export function waitDetailOf({ waiting }: Video): string {
  return waiting && !['upload', 'place', 'floodWait', 'pace', 'telegramUnreachable'].includes(waiting.why) ? waiting.detail : '';
}

export function badgeOf(video: Video): TemplateResult | typeof nothing {
  switch (video.status) {
    case 'ready':
      return video.decision === 'keepAsFile' ? html`<span class="badge">${t.library.asFile}</span>` : nothing;
    case 'failed':
      return html`<span class="badge bad">${t.library.states.failed}</span>`;
    case 'ingesting':
      return waitOf(video)
        ? html`<span class="badge wait">${t.ingest.waits}</span>`
        : html`<span class="badge">${t.library.states.ingesting}</span>`;
    default:
      return html`<span class="badge wait">${t.library.states[video.status]}</span>`;
  }
}

/** How far storing is, with a bar; nothing for a video that is not being stored. */
export function progressOf(video: Video): TemplateResult | typeof nothing {
  if (video.status !== 'ingesting') return nothing;
  const { progress } = video;
  const wait = waitOf(video);
  const isCounted = progress && progress.bytesTotal > 0 && ['sending', 'verifying'].includes(video.stage);
  // A card has one line for it; while it waits, that is what one wants to know.
  const words = wait
    ? [wait]
    : [
        stageOf(video),
        isCounted ? t.ingest.progress(bytes(progress.bytesDone), bytes(progress.bytesTotal)) : '',
        progress?.etaSeconds ? t.ingest.left(span(progress.etaSeconds)) : '',
      ];
  const line = words.filter((word) => word).join(', ');
  return html`<span class="soft small numbers" title=${line}>${line}</span>
    <progress aria-label=${stageOf(video)} .value=${isCounted ? progress.bytesDone / progress.bytesTotal : 0} max="1"></progress>`;
}

export function durationOf(video: Video): number {
  return video.media?.durationSeconds ?? 0;
}

export const pictureOf = (video: Video) => video.media?.tracks.find((track) => track.kind === 'video' && !track.attachedPicture);

/** 1080p for what has that many lines, whichever way it stands. */
export function qualityOf(video: Video): string {
  const picture = pictureOf(video);
  return picture ? `${Math.min(picture.width, picture.height)}p` : '';
}

/** The poster as a grid shows it, above what stands in its place; the name beside it says what it is of. */
export function posterOf(video: Video): TemplateResult | typeof nothing {
  const sizes = video.poster?.sizes ?? [];
  // In the trash nothing of it is read.
  if (!sizes[0] || video.status === 'trashed') return nothing;
  const choices = sizes.map((size) => `${address(size.url)} ${size.width}w`).join(', ');
  return html`<img
    src=${address(sizes[0].url)}
    srcset=${choices}
    sizes="(max-width: 40rem) 92vw, 20rem"
    alt=""
    loading="lazy"
    decoding="async"
  />`;
}

/** The poster as large as the page of the video shows it at most; empty where there is none. */
export function stagePosterOf(video: Video): string {
  const sizes = video.poster?.sizes ?? [];
  const wanted = innerWidth * devicePixelRatio;
  const chosen = sizes.find((size) => size.width >= wanted) ?? sizes.at(-1);
  return chosen ? address(chosen.url) : '';
}

/** What stands in place of a poster. */
export function placeholderOf(video: Video): TemplateResult {
  const isMedia = video.status !== 'ready' || video.decision !== 'keepAsFile';
  const icon = !isMedia ? icons.file : video.media && !pictureOf(video) ? icons.sound : icons.film;
  // The same video has the same colour each time, and those beside it others.
  const hue = [...video.id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  return html`<span class="placeholder" style="--hue: ${hue}">${icon}</span>`;
}
