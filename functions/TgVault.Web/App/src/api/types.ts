/** What the API answers with, as far as the pages read it; api/openapi.json has all of it. */
export type Status = 'waiting' | 'ingesting' | 'ready' | 'failed' | 'trashed' | 'deleting';
export type Action = 'take' | 'relocate' | 'remux' | 'keepAsFile';
export type CompanionStatus = 'waiting' | 'stored' | 'failed';

export interface Track {
  index: number;
  kind: 'video' | 'audio' | 'subtitle' | 'other';
  codec: string;
  language: string;
  title: string;
  width: number;
  height: number;
  frameRate: number;
  channels: number;
  attachedPicture: boolean;
  /** What was done with it; absent in what describes a prepared file, and where nothing is done with any. */
  treatment?: { action: 'copy' | 'retag' | 'leaveOut' | 'transcode'; why: string };
}

export interface Captions {
  language: string;
  name: string;
  status: CompanionStatus;
  size: number;
  failure?: string;
}

export interface Rendition {
  name: string;
  status: CompanionStatus;
  size: number;
  failure?: string;
}

export interface Poster {
  status: CompanionStatus;
  url?: string;
  /** From small to large. */
  sizes: { url: string; width: number; height: number }[];
  chosen: boolean;
  failure?: string;
}

export interface Progress {
  chunksDone: number;
  chunksTotal: number;
  bytesDone: number;
  bytesTotal: number;
  bytesPerSecond?: number;
  etaSeconds?: number;
}

/** Why a video goes on only later; a later vault may have more reasons. */
export interface Waiting {
  why: 'other' | 'upload' | 'place' | 'floodWait' | 'pace' | 'telegramUnreachable' | 'botToken' | 'botRights' | 'storage';
  since: string;
  until?: string;
  /** One sentence of the vault's. */
  detail: string;
  bytesDone?: number;
  percent?: number;
  ahead?: number;
}

export interface Video {
  id: string;
  name: string;
  size: number;
  /** SHA-256 of the uploaded file, in lower-case hex. */
  sha256?: string;
  status: Status;
  stage: string;
  contentType: string;
  folder: string;
  tags: string[];
  description: string;
  created: string;
  updated: string;
  decision?: Action;
  reason?: string;
  media?: { container: string; durationSeconds: number; tracks: Track[] };
  /** What the upload held, and what is done with each track. */
  uploaded?: { container: string; durationSeconds: number; tracks: Track[] };
  progress?: Progress;
  /** What it waits for now; absent where it goes on. */
  waiting?: Waiting;
  failure?: string;
  /** Until when it can be restored; absent where it is not in the trash. */
  trashedUntil?: string;
  storedSize?: number;
  chunks?: number;
  captions: Captions[];
  renditions: Rendition[];
  poster?: Poster;
  storyboard?: { status: CompanionStatus; url?: string; failure?: string };
}

export interface VideoPage {
  videos: Video[];
  continuation?: string;
}

export type Order = 'newest' | 'name' | 'largest' | 'smallest' | 'longest' | 'shortest';

/** How many videos there are by folder, tag and status. */
export interface Lists {
  videos: number;
  folders: { name: string; videos: number; below: number }[];
  tags: { name: string; videos: number }[];
  statuses: { status: Status; videos: number }[];
  more: boolean;
  /** Seconds since they were counted. */
  age: number;
  /** Seconds until they are counted again. */
  next: number;
}

/** What became of one of many videos, as in HTTP. */
export interface Edit {
  id: string;
  status: number;
  video?: Video;
  detail?: string;
}

export interface Upload {
  id: string;
  uploadUrl: string;
  /** The same without its beginning, where the vault itself takes the bytes. */
  uploadPath?: string;
  expires: string;
}

export interface Link {
  id: string;
  video: string;
  state: 'good' | 'expired' | 'revoked';
  /** A secret; absent where the link is no longer good. */
  url?: string;
  token?: string;
  label: string;
  created: string;
  expires: string;
  revoked?: string;
  origins: string[];
  kinds: ('embed' | 'mp4' | 'hls' | 'dash' | 'pictures')[];
}

export interface LinkPage {
  links: Link[];
  continuation?: string;
}

/** What the player needs of a video. */
export interface Playable {
  id: string;
  title: string;
  base: string;
  expires: string;
  source: string;
  contentType: string;
  duration: number;
  width: number;
  height: number;
  captions: { language: string; name: string; source: string }[];
  poster?: string;
  storyboard?: string;
  chapters?: string;
  limited: boolean;
}

/** How the vault is; what takes long to find is absent until it was found once. */
export interface VaultStatus {
  videos?: number;
  statuses?: Lists['statuses'];
  storedBytes?: number;
  freeBytes?: number;
  queue: { videos: number; bytesLeft: number; bytesPerSecond?: number; etaSeconds?: number };
  telegram: { checked?: string; problems?: string[]; lanes: { bot: string; channel: number; pausedSeconds: number }[] };
  /** What of the channel's library is not here yet, in a sentence. */
  unrecovered?: string;
  replicas?: Replica[];
  checks?: { shares: number; done: number; last?: string; lost: number; mended: number; unchecked: number };
  leftDocuments: number;
}

/** A place besides the channels that has a copy of everything. */
export interface Replica {
  kind: string;
  place: string;
  /** Videos that are whole in it, and those that lack something. */
  videos: number;
  waiting: number;
  verified?: string;
  problem?: string;
}

export interface About {
  version: string;
  publicUrl?: string;
  storage?: string;
  telegramServer: string;
  bots: string[];
  channels: number[];
  messagesPerMinute: number;
  maxUpload: number;
  linkLifetime: number;
  maxLinkLifetime: number;
  /** How long the trash keeps a video; 0: there is none. */
  trashDays: number;
  renditions: string;
  transcodeVideo: boolean;
  /** What ffmpeg may see and use on the vault's machine, in a sentence. */
  ffmpeg: string;
}

export type KeyScope = 'read' | 'upload' | 'all';

/** An API key, which has a scope, or a link key; what it says is told only when it is made. */
export interface Key {
  id: string;
  name: string;
  scope?: KeyScope;
  created: string;
  lastUsed?: string;
}

export type WebhookEvent = 'video.created' | 'video.ready' | 'video.failed' | 'video.deleted';

/** A site that is told what happens to videos; what signs is told only when it is made. */
export interface Webhook {
  id: string;
  url: string;
  events: WebhookEvent[];
  label: string;
  created: string;
  enabled: boolean;
  /** Since when nothing is sent. */
  disabled?: string;
}

export interface MadeWebhook {
  webhook: Webhook;
  secret: string;
}

/** One message to a webhook. */
export interface Delivery {
  id: string;
  type: WebhookEvent | 'webhook.test';
  video?: string;
  time: string;
  state: 'waiting' | 'delivered' | 'failed';
  tries: number;
  nextTry?: string;
  status?: number;
  milliseconds?: number;
  /** Why the last try was not taken, for a person. */
  problem?: string;
}
