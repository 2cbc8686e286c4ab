// OpenAI's own client for Node, against a gateway: node openai_client.mjs http://127.0.0.1:8080

import assert from "node:assert";
import OpenAI from "openai";

const client = new OpenAI({ baseURL: process.argv[2] + "/v1", apiKey: "none", maxRetries: 0 });
const messages = [{ role: "user", content: "Good morning, how are you?" }];

const whole = await client.chat.completions.create({ model: "auto", messages });
assert.match(whole.choices[0].message.content, /simulated/);

let text = "";
for await (const chunk of await client.chat.completions.create({ model: "small", messages, stream: true })) {
  text += chunk.choices[0].delta.content ?? "";
}
assert.match(text, /small, simulated/);

const final = await client.chat.completions
  .stream({ model: "small", messages, stream_options: { include_usage: true } })
  .finalChatCompletion();
assert.ok(final.usage.completion_tokens > 0);

await assert.rejects(client.chat.completions.create({ model: "nobody", messages }), OpenAI.NotFoundError);
await assert.rejects(client.chat.completions.create({ model: "failing", messages }), OpenAI.InternalServerError);
await assert.rejects(async () => {
  for await (const _ of await client.chat.completions.create({ model: "cut", messages, stream: true }));
}, /broke its answer off/);

console.log("openai for Node: all is well");
