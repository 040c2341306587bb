import { converse } from "./openai_client.ts";
import { createSign } from "./openai_signer.ts";

const { upstream, ...credential } = JSON.parse(process.env["CONVERSATION"] ?? "");
console.log(JSON.stringify(await converse(upstream, createSign(credential))));
