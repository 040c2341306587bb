import * as genai from "@google/genai";
import { googleSubject } from "../google.ts";
import { start } from "../start.ts";

start(googleSubject(genai));
