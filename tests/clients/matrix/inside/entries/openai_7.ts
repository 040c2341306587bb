import OpenAI from "openai";
import { openaiSubject } from "../openai.ts";
import { start } from "../start.ts";

start(openaiSubject(OpenAI));
