// Marks of Lighthouse for pages of a vault that runs, as its phone with a slow network sees them:
//   npm ci && node pages.mjs "$(../../tgvault open)" "$(../../tgvault link ID --kind embed)" http://localhost:7071/videos/ID
// The first address signs in, and its library is measured, then the others. Ends with 1 where performance or accessibility is below 95.
// RUNS=3 takes the middle of three (default 1), DESKTOP=1 a desk's screen and network, TGVAULT_CHROMIUM another Chromium.
import lighthouse, { desktopConfig } from 'lighthouse';
import puppeteer from 'puppeteer-core';

const least = 95;
const [signIn, ...others] = process.argv.slice(2);
const runs = Number(process.env.RUNS ?? 1);
const browser = await puppeteer.launch({
  executablePath: process.env.TGVAULT_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage();
await page.goto(signIn);
await page.waitForFunction(() => document.querySelector('vault-app')?.shadowRoot?.querySelector('library-page'));

const options = {
  port: Number(new URL(browser.wsEndpoint()).port),
  // Signed in, but with nothing kept from before.
  disableStorageReset: true,
  onlyCategories: ['performance', 'accessibility'],
  logLevel: 'error',
};
const middle = (numbers) => numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
for (const address of [new URL('/', signIn).href, ...others]) {
  const results = [];
  for (let run = 0; run < runs; run++)
    results.push((await lighthouse(address, options, process.env.DESKTOP ? desktopConfig : undefined)).lhr);
  const mark = (category) => Math.round(100 * middle(results.map((result) => result.categories[category].score)));
  const [performance, accessibility] = [mark('performance'), mark('accessibility')];
  console.log(`${performance} performance, ${accessibility} accessibility: ${address}`);
  const { audits, categories } = results.at(-1);
  for (const name of ['performance', 'accessibility'])
    for (const { id, weight } of categories[name].auditRefs) {
      const { score, displayValue, title } = audits[id];
      if (weight > 0 && score !== null && score < 1) console.log(`  ${id}: ${displayValue ?? title}`);
    }
  if (performance < least || accessibility < least) process.exitCode = 1;
}
await browser.close();
