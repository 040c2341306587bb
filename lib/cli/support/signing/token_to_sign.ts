import { DEFAULT_EXPIRES } from "../../../signing/primitives/defaults.ts";
import { MAX_SUBJECT_LENGTH } from "../../../signing/token/forms.ts";
import { parseGrantedTarget } from "../../../signing/token/granted_target.ts";
import type { Arguments } from "../../arguments/parse_arguments.ts";
import {
  TOKEN_CLIENTS,
  type TokenClient,
  type TokenFlagName,
} from "../../arguments/token_flags.ts";
import type { ReadText } from "../../../config/read_text.ts";
import { gatewayFrom, mistakesInUrl } from "./request_to_sign.ts";
import type { TokenLimits } from "./claims_file.ts";
import { formatTarget } from "./format_target.ts";
import { isCount, tokenLimits } from "./token_limits.ts";
import { originsOf } from "./token_output.ts";

/** A token that a command line asks for. */
export interface TokenToSign {
  limits: TokenLimits;
  /** In seconds. */
  expires: number;
  subject?: string;
  audience?: string;
  /** The public URL of the gateway. */
  gateway: string;
  /** The client whose variables are printed, and the origin of its API. */
  client?: { name: TokenClient; origin: string };
  /** The URL of the MCP server, for which a URL is printed. */
  mcpServer?: string;
}

type Given = Arguments<TokenFlagName>["given"];

/**
 * Reads the token that a command line asks for, and in which form it is printed.
 *
 * @param given from `parseArguments`
 * @param read how the file of claims is read
 * @param mistakes gets every mistake, without a value
 * @param defaultGateway the URL of the gateway, unless the command line names one
 * @returns the token, to be signed if there was no mistake
 */
export function tokenToSign(
  given: Given,
  read: ReadText,
  mistakes: string[],
  defaultGateway: string | undefined,
): TokenToSign {
  const [expires = String(DEFAULT_EXPIRES)] = given.get("expires") ?? [];
  if (!isCount(expires)) mistakes.push("--expires must be a whole number of seconds from 1 on");
  const [subject] = given.get("subject") ?? [];
  if (subject !== undefined && !isSubject(subject)) {
    mistakes.push(`--subject must have 1 to ${MAX_SUBJECT_LENGTH} characters`);
  }
  const [audience] = given.get("audience") ?? [];
  if (audience === "") mistakes.push("--audience is empty");
  const outputs = (["env", "mcp", "json"] as const).filter((name) => given.has(name));
  if (outputs.length > 1) mistakes.push("--env, --mcp and --json exclude each other");
  const limits = tokenLimits(given, read, mistakes);
  return {
    ...formOf(given, limits, mistakes),
    expires: Number(expires),
    ...(subject !== undefined && { subject }),
    ...(audience !== undefined && { audience }),
    gateway: gatewayFrom(given, mistakes, defaultGateway),
  };
}

function isSubject(text: string): boolean {
  return text !== "" && [...text].length <= MAX_SUBJECT_LENGTH;
}

/** The limits, and the form of the output that depends on them. */
function formOf(
  given: Given,
  limits: TokenLimits,
  mistakes: string[],
): Pick<TokenToSign, "limits" | "client" | "mcpServer"> {
  const [wanted] = given.get("env") ?? [];
  const [mcpServer] = given.get("mcp") ?? [];
  if (mcpServer !== undefined) {
    return { limits: limitsOfServer(mcpServer, limits, mistakes), mcpServer };
  }
  if (wanted === undefined) return { limits };
  const name = TOKEN_CLIENTS.find((client) => client === wanted);
  const [origin, ...others] = originsOf(limits.to ?? []);
  if (!name) mistakes.push(`--env must be one of ${TOKEN_CLIENTS.join(", ")}`);
  else if (origin === undefined || others.length > 0) {
    mistakes.push("--env needs --to, and all its targets at one origin: the API of the client");
  } else return { limits, client: { name, origin } };
  return { limits };
}

function limitsOfServer(server: string, limits: TokenLimits, mistakes: string[]): TokenLimits {
  const found = mistakesInUrl("--mcp", server, "https://mcp.example.com/mcp");
  if (server.includes("#")) found.push("--mcp has a fragment");
  mistakes.push(...found);
  const { origin, pathname } = URL.parse(server) ?? { origin: "", pathname: "" };
  const target = parseGrantedTarget(origin + pathname);
  if (found.length > 0 || !target) {
    if (found.length === 0) mistakes.push("--mcp is not a URL that a token can name");
    return limits;
  }
  if (!limits.to) return { ...limits, to: [formatTarget(target)] };
  const isCovered = limits.to.some((text) => covers(text, target.path));
  if (originsOf(limits.to).join() !== origin || !isCovered) {
    mistakes.push("--mcp needs --to to allow its URL, and no other origin");
  }
  return limits;
}

function covers(text: string, path: string): boolean {
  const granted = parseGrantedTarget(text)?.path;
  return granted?.endsWith("/") ? path.startsWith(granted) : path === granted;
}
