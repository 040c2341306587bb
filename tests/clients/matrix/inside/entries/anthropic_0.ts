import Anthropic from "anthropic-0";
import { anthropicSubject } from "../anthropic.ts";
import { start } from "../start.ts";

start(anthropicSubject(Anthropic));
