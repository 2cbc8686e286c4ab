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

const parameters = { type: "object", properties: { at: { type: "string" } }, required: ["at"] };
const tools = [{ type: "function", function: { name: "look", parameters } }];
const called = await client.chat.completions.create({ model: "small", messages, tools, tool_choice: "required" });
assert.deepEqual(JSON.parse(called.choices[0].message.tool_calls[0].function.arguments), { at: "simulated" });

const picture = { type: "image_url", image_url: { url: "data:image/png;base64,aGk=" } };
const seen = await client.chat.completions.create({
  model: "auto",
  messages: [{ role: "user", content: [{ type: "text", text: "What is this?" }, picture] }],
  response_format: { type: "json_object" },
});
assert.ok(JSON.parse(seen.choices[0].message.content));

const vectors = await client.embeddings.create({ model: "small", input: ["a red fox", "nine boats"], dimensions: 32 });
assert.deepEqual(vectors.data.map((one) => one.embedding.length), [32, 32]);

const response = await client.responses.create({ model: "auto", input: "Good morning, how are you?" });
assert.match(response.output_text, /simulated/);
let pieces = "";
const stream = client.responses.stream({ model: "small", input: "Good morning, how are you?" });
for await (const event of stream) {
  if (event.type === "response.output_text.delta") pieces += event.delta;
}
const whole_again = await stream.finalResponse();
assert.equal(whole_again.output_text, pieces);
assert.match(pieces, /small, simulated/);
await assert.rejects(client.responses.create({ model: "nobody", input: "x" }), OpenAI.NotFoundError);
await assert.rejects(async () => {
  for await (const _ of await client.responses.create({ model: "cut", input: "x", stream: true }));
}, /broke its answer off/);

await assert.rejects(client.chat.completions.create({ model: "nobody", messages }), OpenAI.NotFoundError);
await assert.rejects(client.chat.completions.create({ model: "failing", messages }), OpenAI.InternalServerError);
await assert.rejects(async () => {
  for await (const _ of await client.chat.completions.create({ model: "cut", messages, stream: true }));
}, /broke its answer off/);

console.log("openai for Node: all is well");
