// How long a film takes to its first picture on an embed page, against a bare <video> of the same kind of link. Each film is opened once,
// so that nothing of it is in memory: give three links or more to different films of one kind, in turns for the bare element, the embed
// page, and the embed page in a frame of another site.
//   ../../tgvault up --telegram-control          (says where the stand-in takes faults; restart it after the uploads)
//   curl -d '{"kind":"delay","method":"getFile","delaySeconds":0.15}' STAND-IN/control/faults
//   curl -d '{"kind":"delay","method":"file","delaySeconds":0.3}' STAND-IN/control/faults
//   npm ci && node first-frame.mjs $(for id in ID...; do ../../tgvault link $id --kind embed; done)
// TGVAULT_CHROMIUM names another Chromium. Ends with 1 where an embed page takes more than 1.3 times the bare element.
import { createServer } from 'node:http';
import puppeteer from 'puppeteer-core';

const most = 1.3;
const links = process.argv.slice(2);
if (links.length < 3) throw new Error('Give three links to embed pages at least, of different films.');

const site = createServer((request, answer) => {
  const asked = new URL(request.url, 'http://localhost').searchParams;
  const [video, frame] = [asked.get('video'), asked.get('frame')];
  answer.setHeader('Content-Type', 'text/html; charset=utf-8');
  const body = video
    ? `<video src="${video}" preload="metadata" crossorigin="anonymous" muted playsinline></video>`
    : frame
      ? `<iframe src="${frame}" width="640" height="360" allow="autoplay; fullscreen"></iframe>`
      : '';
  answer.end(`<!doctype html><title>A site</title><link rel="icon" href="data:," />${body}`);
});
await new Promise((done) => site.listen(0, '127.0.0.1', done));
const other = `http://127.0.0.1:${site.address().port}/`;
const browser = await puppeteer.launch({
  executablePath: process.env.TGVAULT_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});

/** Where the player of an embed page finds its film: the page itself is not opened by a browser for that. */
async function fileOf(link) {
  const page = await (await fetch(link)).text();
  const playable = JSON.parse(/id="playable">(.*?)<\/script>/s.exec(page)[1]);
  return new URL(playable.base + playable.source, new URL('/', link)).href;
}

const ways = {
  bare: async (link) => `${other}?video=${encodeURIComponent(await fileOf(link))}`,
  page: (link) => link,
  frame: (link) => `${other}?frame=${encodeURIComponent(link)}`,
};

/** Milliseconds from the navigation to the first picture, in a browser that keeps nothing. */
async function measure(address) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const seen = new Promise((done) => page.exposeFunction('firstPicture', done));
  await page.evaluateOnNewDocument(() => {
    const tell = () => window.firstPicture(performance.timeOrigin + performance.now());
    document.addEventListener('loadeddata', tell, { capture: true, once: true });
  });
  // The browser's process and its first page are there before.
  await page.goto(other);
  const begun = Date.now();
  await page.goto(address);
  const limit = setTimeout(() => page.close(), 60_000);
  const milliseconds = (await seen) - begun;
  clearTimeout(limit);
  await context.close();
  return milliseconds;
}

const times = { bare: [], page: [], frame: [] };
const names = Object.keys(ways);
for (const [place, link] of links.entries()) {
  const name = names[place % names.length];
  times[name].push(await measure(await ways[name](link)));
}

const middle = (numbers) => numbers.toSorted((one, two) => one - two)[Math.floor(numbers.length / 2)];
const bare = middle(times.bare);
for (const name of names) {
  const [milliseconds, all] = [middle(times[name]), times[name].map(Math.round).join(' ')];
  const ratio = milliseconds / bare;
  console.log(`${name}: ${milliseconds.toFixed(0)} ms, ${ratio.toFixed(2)} times the bare element (${all})`);
  if (ratio > most) process.exitCode = 1;
}
await browser.close();
site.close();
