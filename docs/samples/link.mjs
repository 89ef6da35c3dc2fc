// A link to a video, made with a link key: node link.mjs VIDEO
import { createHmac } from "node:crypto";

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function setting(name) {
  if (!process.env[name]) throw new Error(`Set ${name}.`);
  return process.env[name];
}

export function linkTo(video, seconds) {
  const head = part({ alg: "HS256", typ: "JWT", kid: setting("TGVAULT_LINK_KEY_ID") });
  const claims = part({ aud: "tgvault", sub: video, exp: Math.floor(Date.now() / 1000) + seconds });
  const key = Buffer.from(setting("TGVAULT_LINK_KEY"), "hex");
  const signature = createHmac("sha256", key).update(`${head}.${claims}`).digest("base64url");
  return `${setting("VAULT")}/v/${head}.${claims}.${signature}/video.mp4`;
}

console.log(linkTo(process.argv[2], 3600));
