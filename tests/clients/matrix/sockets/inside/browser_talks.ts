import {
  AudioFormat,
  CommitStrategy,
  Conversation,
  RealtimeEvents,
  Scribe,
} from "@elevenlabs/client";
import { StreamingTranscriber } from "assemblyai/streaming";
import { type Situation, type Talk, TALKS, within } from "./talks.ts";

const talkByAssemblyAI: Talk = ({ base, token }) =>
  within((resolve, reject) => {
    const websocketBaseUrl = `${base.replace("https", "wss")}/v3/ws`;
    const transcriber = new StreamingTranscriber({
      token,
      websocketBaseUrl,
      sampleRate: 16_000,
    } as never);
    transcriber.on(
      "turn",
      ({ transcript }) => void transcriber.close().then(() => resolve(transcript)),
    );
    transcriber.on("error", reject);
    transcriber.connect().then(() => transcriber.sendAudio(new ArrayBuffer(3200)), reject);
  });

const talkByElevenLabs: Talk = ({ base, token }) =>
  within((resolve, reject) => {
    const starting = Conversation.startSession({
      origin: base.replace("https", "wss"),
      agentId: "agent_1",
      authorization: token,
      textOnly: true,
      onMessage: ({ message }: { message: string }) =>
        void starting.then((session) => session.endSession()).then(() => resolve(message)),
      onError: reject,
    } as Parameters<typeof Conversation.startSession>[0]);
    starting.then((session) => session.sendUserMessage("Wer bist du?"), reject);
  });

const talkByScribe: Talk = ({ base, token }) =>
  within((resolve, reject) => {
    const connection = Scribe.connect({
      token,
      baseUri: base.replace("https", "wss"),
      modelId: "scribe_v2_realtime",
      audioFormat: AudioFormat.PCM_16000,
      sampleRate: 16_000,
      commitStrategy: CommitStrategy.MANUAL,
    });
    connection.on(RealtimeEvents.OPEN, () =>
      connection.send({ audioBase64: btoa("\0".repeat(320)) }),
    );
    connection.on(RealtimeEvents.COMMITTED_TRANSCRIPT, ({ text }) => {
      connection.close();
      resolve(text);
    });
    connection.on(RealtimeEvents.ERROR, reject);
  });

const ALL: Readonly<Record<string, Talk>> = {
  ...TALKS,
  assemblyai: talkByAssemblyAI,
  "elevenlabs, agent": talkByElevenLabs,
  "elevenlabs, scribe": talkByScribe,
};

Object.assign(globalThis, {
  talk: (name: string, situation: Situation) =>
    ALL[name]!(situation).catch((error: unknown) => `failed: ${error}`),
});
