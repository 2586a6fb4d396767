import { spawn } from "node:child_process";
import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import ffmpeg from "@ffmpeg-installer/ffmpeg";

/**
 * Runs ffmpeg, feeds it `input` on stdin and gives what it writes to stdout.
 * @throws Error with ffmpeg's own words when it fails, AbortError when `signal` fires.
 */
export async function runFfmpeg(
  args: readonly string[],
  input: Iterable<Buffer> | AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<Buffer> {
  signal.throwIfAborted();
  const child = spawn(ffmpeg.path, ["-v", "error", "-y", ...args], { signal, stdio: ["pipe", "pipe", "pipe"] });
  const output: Buffer[] = [];
  let words = "";
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => {
    words += chunk.toString();
  });
  const ended = once(child, "close");
  // A child that ends early closes its stdin under our hands; its exit code tells the story.
  const fed = pipeline(input, child.stdin).catch((error: unknown) => error);
  const [[code], problem] = await Promise.all([ended, fed]);
  if (code !== 0) throw new Error(`ffmpeg: ${words.trim() || `exit code ${code}`}`);
  if (problem instanceof Error && !("code" in problem && problem.code === "EPIPE")) throw problem;
  return Buffer.concat(output);
}
