#!/usr/bin/env bun
import { start } from "./lib/cli/start.ts";

const exitCode = await start();
// Exit explicitly, because a pending write to stdout could keep the process alive forever.
process.exit(exitCode);
