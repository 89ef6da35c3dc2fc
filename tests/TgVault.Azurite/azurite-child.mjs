// Runs Azurite for as long as this process's standard input stays open:
//   node azurite-child.mjs NODE_MODULES --location FOLDER [Azurite's own arguments]
// A parent that dies, however it dies, closes that pipe; then Azurite writes its state to disk and ends, so no orphan stays behind.
import { createServer, connect } from "node:net";
import { createRequire } from "node:module";
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const longestFlushMilliseconds = 20_000;
const [nodeModules, ...args] = process.argv.slice(2);
const folder = resolve(args[args.indexOf("--location") + 1]);
args[args.indexOf("--location") + 1] = folder;

let running = false;
let stopping = false;

// The reader of our output may be gone by the time Azurite says goodbye; that must not cut the flush short.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});
process.stdin.on("error", stop).on("end", stop).on("close", stop).resume();

// Ctrl-C reaches the whole process group. The parent gets it too, still needs its storage while it winds down, and closes the pipe after
// that.
process.on("SIGINT", () => {});
process.on("SIGTERM", stop);
// Azurite installs its own signal listeners last, when all its servers listen; its SIGTERM listener is the graceful stop that stop() asks
// for.
process.on("newListener", (name, listener) => {
  if (name === "SIGINT") queueMicrotask(() => process.removeListener("SIGINT", listener));
  if (name !== "SIGTERM") return;
  running = true;
  queueMicrotask(() => console.log("Azurite is ready"));
});

function stop() {
  if (stopping) return;
  stopping = true;
  if (!running) process.exit(0); // Still starting: nothing was accepted yet, so nothing can be lost.
  setTimeout(() => process.exit(1), longestFlushMilliseconds).unref();
  process.emit("SIGTERM");
}

// Two Azurites on one folder overwrite each other's state: after a kill -9 of the vault the next one waits here until the former has
// flushed.
// A socket is the lock because the system closes it with its process; its name is relative because such paths hold 107 bytes.
async function own(lockName) {
  while (!(await listen(lockName))) {
    const held = await new Promise((done) => {
      const holder = connect(lockName);
      holder.on("connect", () => holder.resume().on("close", () => done(true)));
      holder.on("error", () => done(false));
    });
    if (!held) rmSync(lockName, { force: true });
  }
}

function listen(lockName) {
  return new Promise((done, fail) => {
    const lock = createServer((other) => other.on("error", () => {}).unref()).unref();
    lock.on("error", (error) => (error.code === "EADDRINUSE" ? done(false) : fail(error)));
    lock.listen(lockName, () => done(true));
  });
}

mkdirSync(folder, { recursive: true });
process.chdir(folder);
await own("azurite.lock");

const entry = join(resolve(nodeModules), "azurite", "dist", "src", "azurite.js");
process.argv = [process.argv[0], entry, ...args];
createRequire(entry)(entry);
