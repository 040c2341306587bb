#!/usr/bin/env bun
import { main, programArguments } from "./lib/cli/main.ts";

const exitCode = await main(programArguments(), process.env);
// Not before, and not later either: a write to stdout may be under way for ever.
process.exit(exitCode);
