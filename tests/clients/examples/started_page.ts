import type { Browser } from "playwright-core";
import { freePort } from "../../support/free_port.ts";
import type { Page } from "../chromium.ts";
import { type Checkout, isListening, splitInstall } from "./checkout.ts";
import { runShell, startShell } from "./shell.ts";

/** A page of an example, and the backend that serves it. */
export interface StartedPage {
  name: string;
  folder: string;
  /** The command that starts the backend. */
  start: string;
  /** Opens the page for somebody with a password. */
  open: (browser: Browser, password: string) => Promise<Visit>;
  stop: () => Promise<void>;
}

/** A page in a browser. */
export interface Visit {
  page: Page;
  /** What it sends to the gateway as Authorization, for each request; a WebSocket has none. */
  credentials: string[];
  /** What it asks of anybody but its backend and the gateway. */
  elsewhere: string[];
}

/** Follows the README of an example. */
export async function startPage(checkout: Checkout, name: string): Promise<StartedPage> {
  const port = await freePort();
  const { folder, commands } = await checkout.copy(name, port);
  const [install, start] = splitInstall(commands[0]!);
  await runShell(install, folder);
  const backend = startShell(start, folder);
  await backend.until("the backend listens", () => isListening(port));
  const url = `http://localhost:${port}/`;
  const known = [url, checkout.gateway].map((text) => new URL(text).origin);
  const open = async (browser: Browser, password: string): Promise<Visit> => {
    const page = await browser.newPage({ httpCredentials: { username: "ada", password } });
    const credentials: string[] = [];
    const elsewhere: string[] = [];
    page.on("request", (request) => {
      if (!known.includes(new URL(request.url()).origin)) elsewhere.push(request.url());
      if (!request.url().startsWith(checkout.gateway) || request.method() === "OPTIONS") return;
      credentials.push(request.headers()["authorization"] ?? "none");
    });
    page.on("websocket", (socket) => {
      if (socket.url().startsWith(checkout.gateway.replace(/^http/, "ws"))) {
        credentials.push("in a sub-protocol");
      }
    });
    await page.goto(url);
    return { page, credentials, elsewhere };
  };
  return { name, folder, start, open, stop: backend.stop };
}
