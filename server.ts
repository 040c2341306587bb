#!/usr/bin/env bun
import { main, programArguments } from "./lib/cli/main.ts";

process.exitCode = await main(programArguments(), process.env);
