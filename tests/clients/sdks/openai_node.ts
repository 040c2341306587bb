import { converse } from "./openai_client.ts";
import { createSign, signRequests } from "./backend_signer.ts";

const { upstream, ...credential } = JSON.parse(process.env["CONVERSATION"] ?? "");
console.log(JSON.stringify(await converse(upstream, signRequests(createSign(credential)))));
