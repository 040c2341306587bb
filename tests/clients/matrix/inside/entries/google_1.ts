import * as genai from "genai-1";
import { googleSubject } from "../google.ts";
import { start } from "../start.ts";

start(googleSubject(genai));
