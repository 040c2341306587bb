import type { JsonObject, JsonValue } from "../../../signing/verify.ts";
import type { ResponseEdit } from "../../model/response_edit.ts";
import type { Operation } from "../../providers/operation.ts";
import type { ProviderName } from "../../providers/provider.ts";
import type { Counts } from "../../model/counts.ts";
import type { ModelLists } from "./check_models.ts";
import type { IsForwarded } from "./forwarded_headers.ts";
import type { ToolLists } from "./tool_lists.ts";

/** The rules for a guarded request, of all policies that apply to it. */
export interface GuardRules {
  /** Lists of models, each of which must grant the model. None: every model is granted. */
  models: ModelLists;
  /** The most output tokens. Absent: no limit. */
  maxOutputTokens?: number | undefined;
  /** Whether a request for more output tokens is refused, and not lowered. */
  refusesExcess: boolean;
  /** Parts of a request that are allowed, and are otherwise refused. */
  allow: ReadonlySet<string>;
  /** The text of the system message. Absent: the request may have its own. */
  system?: string | undefined;
  /** The members that are set in a realtime session. Absent: none. */
  session?: JsonObject | undefined;
  /** What limits count. Absent: nothing. */
  counts?: Counts | undefined;
  /** Whether the usage of the answer is read; true where something is counted. Absent: it is not. */
  readsUsage?: boolean;
  /** Lists of tools of an MCP server, each of which must grant the tool. None: every tool is granted. */
  tools: ToolLists;
}

/** A request, after the patches and schemas of all policies. */
export interface GuardInput {
  /** `undefined` when it is not known. */
  provider: ProviderName | undefined;
  method: string;
  /** The target. */
  url: URL;
  /** The path of the rule's `url`. */
  rulePath: string;
  /** The headers of the client. */
  headers: Headers;
  /** `undefined` when there is none. */
  body: JsonValue | undefined;
}

/** A request that is granted. */
export interface Guarded {
  /** To forward. `undefined` when there is none. */
  body: JsonValue | undefined;
  /** The edits, as the client is told: `max_output_tokens=800`. */
  edits: readonly string[];
  /** Whether a header of the client is forwarded, by its name in lower case. */
  isForwardedHeader: IsForwarded;
  /** How the answer is edited. The request then asks for an answer without a coding. Absent: not at all. */
  response?: ResponseEdit | undefined;
  /** The known operation. Absent: it is for an MCP server. */
  call?: GuardedCall;
}

/** A request to an API of models. */
export interface GuardedCall {
  operation: Operation;
  /** The model that it names. Absent: none, or no text. */
  model?: string;
  /** Another model that the body names beside the one in the path. Absent: none. */
  otherModel?: string;
  /** The entries of `allow` that it needed, and how often. */
  used: ReadonlyMap<string, number>;
  /** Whether it asked for an output cap. */
  asksForCap: boolean;
  /** Whether it turns on beta features, which may be anything. */
  usesBeta: boolean;
}
