#!/usr/bin/env bun
import { main, programArguments } from "./lib/cli/main.ts";

const exitCode = await main(programArguments(), process.env);
// Exit explicitly, because a pending write to stdout could keep the process alive forever.
process.exit(exitCode);
