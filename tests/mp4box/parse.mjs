// Parses MP4 files with mp4box.js, the parser of a packager: what the vault serves must pass it without a warning.
// Usage: node parse.mjs NODE_MODULES FILE...; prints a line of JSON per file: { warnings, boxes, tracks:
// [{ id, codec, timescale, language, samples }] }.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, ...files] = process.argv.slice(2);
const { createFile, Log } = await import(pathToFileURL(join(modules, 'mp4box', 'dist', 'mp4box.all.mjs')).href);

let warnings = [];
for (const level of ['warn', 'error']) console[level] = (...words) => warnings.push(`${level}: ${words.slice(1).join(' ')}`);
Log.setLogLevel(Log.warn);

function parse(path) {
  warnings = [];
  const file = createFile();
  file.onError = (module, message) => warnings.push(`${module}: ${message}`);
  const bytes = new Uint8Array(readFileSync(path)).buffer;
  bytes.fileStart = 0;
  file.appendBuffer(bytes, true);
  file.flush();
  const tracks = (file.moov?.traks ?? []).map((trak) => ({
    id: trak.tkhd.track_id,
    codec: trak.mdia.minf.stbl.stsd.entries[0].getCodec(),
    timescale: trak.mdia.mdhd.timescale,
    language: trak.mdia.mdhd.languageString,
    samples: trak.samples.map(({ dts, cts, duration, size, is_sync, offset }) => (
      { decoded: dts, composed: cts, duration, size, sync: is_sync, offset })),
  }));
  return { warnings, boxes: file.boxes.map((box) => box.type), tracks };
}

for (const path of files) console.log(JSON.stringify(parse(path)));
