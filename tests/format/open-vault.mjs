// Opens a whole vault with nothing but FORMAT.md, the documents of a channel and the master secret: the proof that the text suffices.
// It shares no code with the vault. Node has all of it but Argon2id, which hash-wasm gives.
// Usage: TGVAULT_MASTER_SECRET=... node open-vault.mjs FOLDER CHANNEL OUT
// FOLDER is a stand-in's: messages.log and documents. Every file of every video is written below OUT/ID; standard output gets one line of
// JSON for each video, and one for the whole vault. TGVAULT_FORMER_MASTER_SECRET is for a vault whose rotation was interrupted.
import { createDecipheriv, createHash, hkdfSync, timingSafeEqual } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { argon2id } from 'hash-wasm';

const BLOCK = 65536;
const TAG = 16;
const MOST_DOCUMENT = 20971520;
const MOST_UNPACKED = 128 << 20;

const check = (condition, message) => {
  if (!condition) throw new Error(message);
};

const uint = (value, bytes) => {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 8) buffer.writeBigUInt64BE(BigInt(value));
  else buffer.writeUInt32BE(value);
  return buffer;
};

const hkdf = (key, salt, info, length = 32) => Buffer.from(hkdfSync('sha256', key, salt, info, length));

// Section 1: a video id as text; there is one text for one id.
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const LAST_TIME = 253402300799999n;

function videoIdOf(text) {
  check(/^[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(text), `no video id: ${text}`);
  let number = 0n;
  for (const digit of text) number = number * 32n + BigInt(DIGITS.indexOf(digit));
  check((1n << 48n) - 1n - (number >> 80n) <= LAST_TIME, `no video id: ${text}`);
  return Buffer.from(number.toString(16).padStart(32, '0'), 'hex');
}

// Section 2.3
const PLAN = /^[1-9][0-9]*x[1-9][0-9]*(,[1-9][0-9]*x[1-9][0-9]*)*$/;

function planOf(text) {
  check(text.length <= 4096 && PLAN.test(text), `no plan: ${text}`);
  const sizes = [];
  for (const run of text.split(',')) {
    const [count, size] = run.split('x').map(Number);
    check(size <= 20905984 && count <= 100000 && sizes.length + count <= 100000, `no plan: ${text}`);
    for (let i = 0; i < count; i++) sizes.push(size);
  }
  return sizes;
}

// GCM under a key that seals one thing only
function open(key, nonce, associated, sealed) {
  const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  cipher.setAAD(associated);
  cipher.setAuthTag(sealed.subarray(sealed.length - TAG));
  return Buffer.concat([cipher.update(sealed.subarray(0, sealed.length - TAG)), cipher.final()]);
}

// Section 3
function* openBlocks(key, associated, sealed) {
  const count = Math.ceil(sealed.length / (BLOCK + TAG));
  check(count > 0 && sealed.length - (count - 1) * (BLOCK + TAG) > TAG, 'a length that cannot exist');
  for (let i = 0; i < count; i++) {
    const nonce = Buffer.concat([Buffer.alloc(7), uint(i, 4), Buffer.from([i === count - 1 ? 1 : 0])]);
    yield open(key, nonce, associated, sealed.subarray(i * (BLOCK + TAG), (i + 1) * (BLOCK + TAG)));
  }
}

// What Telegram keeps, as the stand-in writes it down.
class Channel {
  #folder;
  #posts = new Map();
  #pinned = new Set();

  constructor(folder, chat) {
    this.#folder = folder;
    for (const line of readFileSync(join(folder, 'messages.log'), 'utf8').split('\n').filter(Boolean)) {
      const entry = JSON.parse(line);
      for (const message of entry.messages) {
        const place = `${entry.chat}/${message}`;
        if (entry.op === 'send') this.#posts.set(place, { file: entry.file, date: entry.date, message, chat: entry.chat });
        else if (entry.op === 'edit') this.#posts.get(place).file = entry.file;
        else if (entry.op === 'delete') this.#posts.delete(place);
        else if (entry.op === 'pin') this.#pinned.add(place);
        else if (entry.op === 'unpin') this.#pinned.delete(place);
      }
    }
    this.chat = chat;
  }

  /** The pinned message with the newest date. */
  pinned() {
    const posts = [...this.#pinned].map((place) => this.#posts.get(place)).filter((post) => post?.chat === this.chat);
    posts.sort((a, b) => b.date - a.date || b.message - a.message);
    check(posts.length > 0, 'nothing is pinned');
    return this.#read(posts[0]);
  }

  /** The document of a receipt. */
  get(receipt) {
    const post = this.#posts.get(`${receipt.chatId}/${receipt.messageId}`);
    check(post, `message ${receipt.messageId} is gone`);
    const document = this.#read(post);
    check(document.length === receipt.sealedLengthBytes, `message ${receipt.messageId} has another length`);
    return document;
  }

  has(receipt) {
    return this.#posts.has(`${receipt.chatId}/${receipt.messageId}`);
  }

  #read(post) {
    return readFileSync(join(this.#folder, 'documents', String(post.file).padStart(9, '0')));
  }
}

// Section 2.1: vault keys, each version derived once, from what the header of a document says.
class VaultKeys {
  #secrets;
  #keys = new Map();

  constructor(secrets) {
    this.#secrets = secrets;
  }

  get versions() {
    return [...this.#keys.keys()].sort();
  }

  find(version) {
    return this.#keys.get(version);
  }

  async of(header) {
    const known = this.#keys.get(header.version);
    if (known) return known;
    const { memory, passes } = header;
    check(memory >= 8 && memory <= 1048576 && passes >= 1 && passes <= 100, 'parameters out of range');
    check(memory * passes <= 8388608, 'parameters out of range');
    for (const password of this.#secrets) {
      const options = { password, salt: header.argonSalt, memorySize: memory, iterations: passes, parallelism: 1, hashLength: 32 };
      const key = Buffer.from(await argon2id({ ...options, outputType: 'binary' }));
      if (!timingSafeEqual(hkdf(key, '', 'tgvault/v1/key/check', 16), header.check)) continue;
      this.#keys.set(header.version, key);
      return key;
    }
    throw new Error(`another master secret than that of vault key version ${header.version}`);
  }
}

// Section 5
async function openDocument(keys, kind, document) {
  check(document.length > 84 + TAG && document.length <= MOST_DOCUMENT, 'a length that cannot be');
  check(document.subarray(0, 8).equals(Buffer.from('TGVD\x01\0\0\0', 'latin1')), 'not a document of version 1');
  const header = {
    version: document.readUInt32BE(8),
    memory: document.readUInt32BE(12),
    passes: document.readUInt32BE(16),
    argonSalt: document.subarray(20, 36),
    check: document.subarray(36, 52),
  };
  check(header.version >= 1 && header.version < 2 ** 31 && header.memory > 0, 'no key from a master secret');
  const key = hkdf(await keys.of(header), document.subarray(52, 84), `tgvault/v1/document/${kind}`);
  const plain = Buffer.concat([...openBlocks(key, document.subarray(0, 84), document.subarray(84))]);
  const value = JSON.parse(gunzipSync(plain, { maxOutputLength: MOST_UNPACKED }).toString('utf8'));
  check(value.version === 1, `version ${value.version}`);
  return { value, keyVersion: header.version };
}

// Section 5.2
async function* readCatalogue(channel, keys, statistics) {
  const { value: head, keyVersion } = await openDocument(keys, 'catalogue', channel.pinned());
  statistics.catalogueVersion = keyVersion;
  const seen = new Set();
  yield* fresh(head.recent);
  const left = [...head.segments];
  while (left.length > 0) {
    const expected = left.pop();
    const { value: segment } = await openDocument(keys, 'segment', channel.get(expected.receipt));
    check(segment.level === expected.level && segment.level >= 0, 'another level than it was referred to as');
    statistics.segments++;
    statistics.deepestLevel = Math.max(statistics.deepestLevel, segment.level);
    if (segment.level === 0) yield* fresh(segment.entries);
    else {
      check(segment.segments.every((below) => below.level === segment.level - 1), 'levels that cannot be');
      left.push(...segment.segments);
    }
  }

  function* fresh(entries) {
    check(new Set(entries.map((entry) => entry.video)).size === entries.length, 'a video is named twice');
    for (const entry of entries) {
      check(entry.change === 'put' ? entry.manifest : entry.change === 'remove', `a change that cannot be: ${entry.change}`);
      if (seen.has(entry.video)) continue;
      seen.add(entry.video);
      if (entry.change === 'put') yield entry;
    }
  }
}

// Section 2.2: the data key of one file
function unwrap(keys, manifest, file) {
  const wrapped = Buffer.from(file.key.sealed, 'base64');
  check(wrapped.length === 80, 'no wrapped key');
  const vaultKey = keys.find(file.key.vaultKeyVersion);
  check(vaultKey, `the key is wrapped under version ${file.key.vaultKeyVersion}, which no document named`);
  const numbers = [uint(manifest.attempt, 4), uint(file.length, 8)];
  const binding = Buffer.concat([videoIdOf(manifest.id), ...numbers, Buffer.from(file.plan)]);
  return open(hkdf(vaultKey, wrapped.subarray(0, 32), 'tgvault/v1/wrap'), Buffer.alloc(12), binding, wrapped.subarray(32));
}

// Section 4
function* openChunk(keys, dataKey, label, salt, document) {
  check(document.subarray(0, 8).equals(Buffer.from('TGVC\x01\0\0\0', 'latin1')), 'not a chunk of version 1');
  check(document.subarray(8, 40).equals(salt), 'another salt');
  // A label of a version that nobody has is passed over: the chunk opens all the same.
  const vaultKey = keys.find(document.readUInt32BE(40));
  if (vaultKey) {
    const labelKey = hkdf(vaultKey, salt, 'tgvault/v1/chunk-label');
    const opened = open(labelKey, Buffer.alloc(12), document.subarray(0, 44), document.subarray(44, 92));
    check(opened.equals(label), 'the label of another chunk');
  }
  const key = hkdf(dataKey, salt, Buffer.concat([Buffer.from('tgvault/v1/chunk'), label]));
  yield* openBlocks(key, document.subarray(0, 40), document.subarray(92));
}

function writeFile(channel, keys, manifest, file, path, statistics) {
  const sizes = planOf(file.plan);
  check(sizes.reduce((sum, size) => sum + size, 0) === file.length, 'the plan does not tile the file');
  check(sizes.length === file.chunks.length, 'as many chunks as planned');
  const dataKey = unwrap(keys, manifest, file);
  const hash = createHash('sha256');
  const target = openSync(path, 'wx', 0o600);
  try {
    for (const [index, size] of sizes.entries()) {
      const { salt, copies } = file.chunks[index];
      const sealed = 92 + size + TAG * Math.ceil(size / BLOCK);
      check(copies.length > 0 && copies.every((copy) => copy.sealedLengthBytes === sealed), 'a copy of another length');
      const numbers = [uint(manifest.attempt, 4), uint(100000 * file.number + index, 4), uint(size, 8)];
      const label = Buffer.concat([videoIdOf(manifest.id), ...numbers]);
      const document = channel.get(copies.find((copy) => channel.has(copy)) ?? copies[0]);
      for (const block of openChunk(keys, dataKey, label, Buffer.from(salt, 'base64'), document)) {
        hash.update(block);
        writeSync(target, block);
      }
      statistics.chunks++;
    }
  } finally {
    closeSync(target);
  }
  statistics.files++;
  return hash.digest('hex');
}

// Section 5.1
const KINDS = ['Index', 'Rendition', 'Captions', 'Sound', 'Poster', 'Storyboard'];

function writeVideo(channel, keys, manifest, out, statistics) {
  const own = { number: 0, kind: 'Prepared', length: manifest.preparedLengthBytes, ...pick(manifest) };
  const companions = (manifest.companions ?? [])
    .filter((companion) => KINDS.includes(companion.kind))
    .map((companion) => ({ number: companion.number, kind: companion.kind, length: companion.lengthBytes, ...pick(companion) }));
  check(companions.every(({ number }) => number >= 1 && number <= 9999), 'a number that cannot be');
  check(new Set(companions.map(({ number }) => number)).size === companions.length, 'two companions with one number');
  const folder = join(out, manifest.id);
  mkdirSync(folder, { recursive: true });
  const files = [own, ...companions].map((file) => ({
    number: file.number,
    kind: file.kind,
    sha256: writeFile(channel, keys, manifest, file, join(folder, `${file.number}`), statistics),
  }));
  return { id: manifest.id, name: manifest.name, folder: manifest.folder ?? '', tags: manifest.tags ?? [], files };

  function pick({ plan, key, chunks }) {
    return { plan, key, chunks };
  }
}

async function main([folder, chat, out]) {
  const secrets = [process.env.TGVAULT_MASTER_SECRET, process.env.TGVAULT_FORMER_MASTER_SECRET].filter(Boolean);
  check(folder && chat && out && secrets.length > 0, 'TGVAULT_MASTER_SECRET=... node open-vault.mjs FOLDER CHANNEL OUT');
  const channel = new Channel(folder, Number(chat));
  const keys = new VaultKeys(secrets);
  const statistics = { videos: 0, files: 0, chunks: 0, segments: 0, deepestLevel: -1, catalogueVersion: 0 };
  for await (const entry of readCatalogue(channel, keys, statistics)) {
    const { value: manifest } = await openDocument(keys, 'manifest', channel.get(entry.manifest));
    check(manifest.id === entry.video, 'the manifest of another video');
    console.log(JSON.stringify(writeVideo(channel, keys, manifest, out, statistics)));
    statistics.videos++;
  }
  console.log(JSON.stringify({ ...statistics, keyVersions: keys.versions }));
}

await main(process.argv.slice(2));
