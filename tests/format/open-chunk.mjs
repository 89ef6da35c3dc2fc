// Opens a vector file with nothing but FORMAT.md and Node's own crypto: the proof that the text suffices.
// Usage: node open-chunk.mjs VECTOR.json; prints "opened NAME", or fails.
import { createDecipheriv, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const BLOCK = 65536;
const TAG = 16;
const hex = (text) => Buffer.from(text, 'hex');
const check = (condition, message) => {
  if (!condition) throw new Error(message);
};
const uint = (value, bytes) => {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 8) buffer.writeBigUInt64BE(BigInt(value));
  else buffer.writeUInt32BE(value);
  return buffer;
};
const hkdf = (key, salt, info) => Buffer.from(hkdfSync('sha256', key, salt, info, 32));

function open(key, nonce, associated, sealed) {
  const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  cipher.setAAD(associated);
  cipher.setAuthTag(sealed.subarray(sealed.length - TAG));
  return Buffer.concat([cipher.update(sealed.subarray(0, sealed.length - TAG)), cipher.final()]);
}

// FORMAT.md, "Blocks"
function openBlocks(key, associated, sealed, plaintextLength) {
  const count = Math.ceil(plaintextLength / BLOCK);
  check(sealed.length === plaintextLength + count * TAG, 'wrong length');
  const opened = [];
  for (let i = 0; i < count; i++) {
    const nonce = Buffer.concat([Buffer.alloc(7), uint(i, 4), Buffer.from([i === count - 1 ? 1 : 0])]);
    opened.push(open(key, nonce, associated, sealed.subarray(i * (BLOCK + TAG), (i + 1) * (BLOCK + TAG))));
  }
  return Buffer.concat(opened);
}

// FORMAT.md, "Chunk"
function openChunk(vector) {
  const sealed = Buffer.from(vector.sealed, 'base64');
  const label = Buffer.concat([hex(vector.videoIdBytes), uint(vector.attempt, 4), uint(vector.index, 4), uint(vector.plaintextLength, 8)]);
  const salt = sealed.subarray(8, 40);
  check(sealed.subarray(0, 8).equals(Buffer.from('TGVC\x01\0\0\0', 'latin1')), 'not a chunk of version 1');
  check(salt.equals(hex(vector.salt)), 'wrong salt');
  check(sealed.readUInt32BE(40) === vector.vaultKeyVersion, 'wrong vault key version');
  const labelKey = hkdf(hex(vector.vaultKey), salt, 'tgvault/v1/chunk-label');
  check(open(labelKey, Buffer.alloc(12), sealed.subarray(0, 44), sealed.subarray(44, 92)).equals(label), 'wrong label');
  const key = hkdf(hex(vector.dataKey), salt, Buffer.concat([Buffer.from('tgvault/v1/chunk'), label]));
  return openBlocks(key, sealed.subarray(0, 40), sealed.subarray(92), vector.plaintextLength);
}

// FORMAT.md, "Document"; the vault key is given, since Node 20 has no Argon2id.
function openDocument(vector) {
  const sealed = Buffer.from(vector.sealed, 'base64');
  check(sealed.subarray(0, 8).equals(Buffer.from('TGVD\x01\0\0\0', 'latin1')), 'not a document of version 1');
  const key = hkdf(hex(vector.vaultKey), sealed.subarray(52, 84), `tgvault/v1/document/${vector.kind}`);
  return openBlocks(key, sealed.subarray(0, 84), sealed.subarray(84), vector.plaintextLength);
}

// FORMAT.md, "Wrapped key"
function unwrap(vector) {
  const wrapped = hex(vector.wrapped);
  const key = hkdf(hex(vector.vaultKey), wrapped.subarray(0, 32), 'tgvault/v1/wrap');
  const numbers = [uint(vector.attempt, 4), uint(vector.preparedLength, 8)];
  const binding = Buffer.concat([hex(vector.videoIdBytes), ...numbers, Buffer.from(vector.chunkPlan)]);
  return open(key, Buffer.alloc(12), binding, wrapped.subarray(32));
}

const path = process.argv[2];
const vector = JSON.parse(readFileSync(path, 'utf8'));
if (vector.wrapped) {
  check(unwrap(vector).equals(hex(vector.dataKey)), 'another data key');
} else {
  const expected = Buffer.from(Array.from({ length: vector.plaintextLength }, (_, i) => (i * 131 + (i >> 8)) & 255));
  check((vector.kind ? openDocument(vector) : openChunk(vector)).equals(expected), 'another plaintext');
}
console.log(`opened ${basename(path, '.json')}`);
