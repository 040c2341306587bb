import { askBackend } from "./browser_signer.ts";
import { converse } from "./openai_client.ts";

Object.assign(globalThis, { converse: (upstream: string) => converse(upstream, askBackend) });
