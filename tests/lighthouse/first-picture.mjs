// How long an embed page takes to its first picture, beside a bare video element of the same file; each from a vault that has just been
// started, whose Telegram takes its time:
//   npm ci && node first-picture.mjs FILM.mp4
// FILM is an MP4 that browsers play and that has one picture and one sound. It is stored in a vault of its own, on the stand-in for
// Telegram. For every run the vault starts again, so that it has nothing of the film in memory; it answers once for another film before, so
// that what .NET and the browser do the first time counts for nothing. Ends with 1 where the middle of the embed pages is above 1.3 times
// that of the bare element; in a frame of another site, that of a bare element in such a frame, whose process the browser has to start.
// RUNS=10 of each (default 10), GETFILE=0.15 and FILE=0.3 are Telegram's delays in seconds, TGVAULT_CHROMIUM another Chromium, TGVAULT
// another command line than this clone's, such as "dotnet .../tgvault.dll".
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import puppeteer from 'puppeteer-core';

const most = 1.3;
const limitMs = 60_000;
const run = promisify(execFile);
const [tgvault, ...before] = process.env.TGVAULT?.split(' ') ?? [resolve(import.meta.dirname, '../../tgvault')];
const runs = Number(process.env.RUNS ?? 10);
const delays = { getFile: Number(process.env.GETFILE ?? 0.15), file: Number(process.env.FILE ?? 0.3) };
const film = process.argv[2];
if (!film) throw new Error('Say which film: node first-picture.mjs FILM.mp4');

const folder = await mkdtemp(join(tmpdir(), 'tgvault-first-picture-'));
const data = join(folder, 'vault');
const port = await freePort();
const site = await openSite();
let running;
const browser = await puppeteer.launch({
  executablePath: process.env.TGVAULT_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'],
});
try {
  const pages = await store();
  const times = Object.fromEntries(Object.keys(pages[0]).map((way) => [way, []]));
  for (let at = 0; at < runs; at++)
    // By turns, and in turn the first: what else the machine does meets all of them.
    for (const way of rotated(Object.keys(times), at)) {
      const vault = await start();
      await slow(vault.control);
      await firstPicture(pages[0][way]);
      const time = await firstPicture(pages[1][way]);
      console.log(`${at + 1}. ${way}: ${Math.round(time)} ms`);
      times[way].push(time);
      await vault.stop();
    }
  const [bare, framed] = [middle(times.bare), middle(times['bare in a frame'])];
  for (const [way, all] of Object.entries(times)) {
    const sorted = all.map(Math.round).sort((one, other) => one - other);
    console.log(`${way}: ${Math.round(middle(all))} ms, ${(middle(all) / bare).toFixed(2)} times the bare element (${sorted.join(' ')})`);
    if (middle(all) > most * (way.endsWith('in a frame') ? framed : bare)) process.exitCode = 1;
  }
} finally {
  await browser.close();
  await running?.stop();
  site.close();
  await rm(folder, { recursive: true });
}

/** Stores a film to begin with and the one that is measured; the pages of each, by the way in which they show it. */
async function store() {
  const vault = await start();
  const first = join(folder, 'first.mp4');
  await run('ffmpeg', [
    ...'-v error -f lavfi -i testsrc2=s=640x360:d=10 -f lavfi -i sine=d=10 -c:v libx264 -pix_fmt yuv420p -c:a aac'.split(' '),
    ...['-movflags', '+faststart', first],
  ]);
  const pages = [];
  for (const path of [first, film]) {
    const { id } = JSON.parse(await client('upload', path, '--wait', '--json'));
    const [file, embed] = [await client('link', id, '--kind', 'mp4'), await client('link', id, '--kind', 'embed')];
    const bare = `<video src="${file}" muted autoplay playsinline width="640" height="360"></video>`;
    pages.push({
      bare: site.publish(bare),
      // A site of another name than the page around it, as the vault is: what the browser does for its process is no fault of the vault.
      'bare in a frame': site.publish(`<iframe src="${site.elsewhere(bare)}" allow="autoplay" width="640" height="360"></iframe>`),
      embed: `${embed}?autoplay&muted`,
      'embed in a frame': site.publish(`<iframe src="${embed}?autoplay&muted" allow="autoplay" width="640" height="360"></iframe>`),
      // As most pages have it: it shows a picture, and plays when somebody wants it to.
      'embed at rest': embed,
    });
  }
  await vault.stop();
  return pages;
}

/** Milliseconds from asking for a page until a video element in it, or in its frame, has shown a picture. */
async function firstPicture(url) {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    await page.evaluateOnNewDocument(() => {
      const watch = () => {
        const video = document.querySelector('video');
        if (!video) return false;
        video.requestVideoFrameCallback((now) => {
          window.shownAt = performance.timeOrigin + now;
        });
        return true;
      };
      const observer = new MutationObserver(() => watch() && observer.disconnect());
      observer.observe(document, { childList: true, subtree: true });
    });
    const begun = Date.now();
    await page.goto(url, { waitUntil: 'domcontentloaded' });
    for (;;) {
      for (const frame of page.frames()) {
        const shown = await frame.evaluate(() => window.shownAt).catch(() => undefined);
        if (shown) return shown - begun;
      }
      if (Date.now() - begun > limitMs) throw new Error(`No picture within ${limitMs} ms: ${url}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  } finally {
    await context.close();
  }
}

/** Starts the vault; resolves once it has said where the faults of its stand-in are asked for. */
async function start() {
  const child = spawn(tgvault, [...before, 'up', '--data', data, '--port', String(port), '--telegram-control'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.on('exit', done));
  const control = await new Promise((done, fail) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = /^Faults of the stand-in: (\S+)/.exec(line);
      if (said) done(said[1]);
    });
    child.on('exit', (code) => fail(new Error(`The vault ended with ${code}.`)));
  });
  running = {
    control,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
  return running;
}

async function slow(control) {
  for (const [method, delaySeconds] of Object.entries(delays)) {
    const answer = await fetch(`${control}/faults`, {
      method: 'POST',
      body: JSON.stringify({ kind: 'delay', method, delaySeconds }),
    });
    if (!answer.ok) throw new Error(`The stand-in takes no delay: ${answer.status} ${await answer.text()}`);
  }
}

async function client(...args) {
  const { stdout } = await run(tgvault, [...before, ...args, '--data', data]);
  return stdout.trim();
}

/** Pages of somebody else's site: of another name than the vault, so that frames are processes of their own. */
async function openSite() {
  const pages = [];
  const server = createServer((request, response) => {
    const body = pages[Number(request.url.slice(1))];
    response.writeHead(body ? 200 : 404, { 'content-type': 'text/html' }).end(`<!doctype html><title>Site</title>${body ?? ''}`);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const publish = (body, host) => `http://${host}:${server.address().port}/${pages.push(body) - 1}`;
  return {
    publish: (body) => publish(body, '127.0.0.1'),
    elsewhere: (body) => publish(body, 'localhost'),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, done));
  const { port: free } = server.address();
  await new Promise((done) => server.close(done));
  return free;
}

function middle(numbers) {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
}

function rotated(ways, by) {
  return ways.map((_, at) => ways[(at + by) % ways.length]);
}
