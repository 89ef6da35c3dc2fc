// Takes what a vault tells of its videos: WEBHOOK_SECRET=whsec_... node receive.mjs
// npm install standardwebhooks
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env.WEBHOOK_SECRET);
const seen = new Set();

const server = createServer(async (request, response) => {
  try {
    const chunks = await request.toArray();
    // Throws where the vault did not sign it, or did so more than five minutes ago. The bytes must be those that came.
    const { type, timestamp, data } = webhook.verify(Buffer.concat(chunks).toString(), request.headers);
    const id = request.headers['webhook-id'];
    // What is sent again has the same id: keep those of a day where you keep your data.
    if (!seen.has(id)) console.log([timestamp, type, data.id, data.status].filter(Boolean).join(' '));
    seen.add(id);
    // Answer at once and work afterwards: the vault waits for twenty seconds.
    response.writeHead(204).end();
  } catch {
    response.writeHead(400).end();
  }
});
server.listen(Number(process.env.PORT ?? 8787), 'localhost');
