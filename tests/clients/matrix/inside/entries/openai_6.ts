import OpenAI from "openai-6";
import { openaiSubject } from "../openai.ts";
import { start } from "../start.ts";

start(openaiSubject(OpenAI));
