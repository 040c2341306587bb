// An agent that knows nothing of gateways: bun agent.ts TASK
import { argv, stdout } from "node:process";
import OpenAI from "openai";

// The client reads OPENAI_BASE_URL and OPENAI_API_KEY.
const openai = new OpenAI();

const stream = await openai.chat.completions.create({
  model: "gpt-5-mini",
  messages: [{ role: "user", content: argv[2] ?? "What can you do in a sandbox?" }],
  stream: true,
});
for await (const { choices } of stream) stdout.write(choices[0]?.delta.content ?? "");
stdout.write("\n");
