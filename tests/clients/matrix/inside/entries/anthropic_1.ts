import Anthropic from "@anthropic-ai/sdk";
import { withProvider } from "../anthropic.ts";
import { start } from "../start.ts";

start(withProvider(Anthropic));
