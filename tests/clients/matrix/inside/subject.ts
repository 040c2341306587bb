// What runs inside a runtime, with the packages that are installed there: Node, or a page in Chromium.

/** Returns a token for each request. */
export type TokenProvider = () => Promise<string>;

/** What a client read of an answer. */
export interface Reading {
  text: string;
  /** The pieces of a streamed answer, in the order in which the client yielded them. */
  pieces?: string[];
  inputTokens: number | undefined;
  /** Absent where it only counts the input. */
  outputTokens?: number | undefined;
}

/** What an error of a client tells the program that called it. */
export interface Refusal {
  /** The class of the error, among those that the client exports. */
  error: string;
  status: number | undefined;
  message: string;
  /** The gateway's code, from where the error has it. */
  code: string | null | undefined;
}

/** A client that is tried, with the settings that it has when none are given. */
export interface Subject<Client> {
  /** Creates the client for an API, at a base URL that ends in the API's host. */
  create: (base: string, token: string) => Client;
  /** The same, where the client takes a function. */
  createWithProvider?: (base: string, provider: TokenProvider) => Client;
  /** What it is asked for, by name. Each talk asks a question and reads the answer. */
  talks: Readonly<Record<string, (client: Client, question: string) => Promise<Reading>>>;
  /** Asks with something that a policy does not grant unless it says so: a tool of the provider, if it has any. */
  askForMore: (client: Client, question: string) => Promise<unknown>;
  /** Reads an error; `undefined` for one of no class that the client documents. */
  refusalOf: (error: unknown) => Refusal | undefined;
}
