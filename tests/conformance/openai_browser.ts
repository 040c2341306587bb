import { converse, type Sign } from "./openai_client.ts";

// A browser holds no secret: it asks the backend that served it.
const sign: Sign = async (upstream, method, body) => {
  const request = { method: "POST", body: JSON.stringify({ upstream, method, body }) };
  return (await fetch("/sign", request)).text();
};

Object.assign(globalThis, { converse: (upstream: string) => converse(upstream, sign) });
