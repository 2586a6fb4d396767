import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from "mediabunny";
import { ProblemError } from "../model/problem.ts";

/** Facts of a video, read from its own bytes. */
export interface VideoFacts {
  /** File extension that fits the container, with its dot. */
  readonly extension: string;
  readonly codec: string;
  /** Pixels as shown. */
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Frames per second. */
  readonly fps: number;
  /** Seconds. */
  readonly duration: number;
}

/** Containers that the service's saver can write, by mediabunny's name for what the bytes are. */
const extensions: Readonly<Record<string, string>> = {
  MP4: ".mp4",
  "QuickTime File Format": ".mov",
  WebM: ".webm",
  Matroska: ".mkv",
};

/**
 * Reads a file as a video down to its last frame's bytes, so that a truncated one is noticed. The container is told by
 * its bytes, never by a name or a content type (field notes, section 5).
 * @throws {ProblemError} `notAVideo`.
 */
export async function verifyVideo(file: string): Promise<VideoFacts> {
  const input = new Input({ source: new FilePathSource(file), formats: ALL_FORMATS });
  try {
    const format = await input.getFormat();
    const extension = extensions[format.name];
    if (extension === undefined) {
      throw new ProblemError({ code: "notAVideo", reason: format.name });
    }
    const track = await input.getPrimaryVideoTrack();
    if (track === null) {
      throw new ProblemError({ code: "notAVideo", reason: "no video track" });
    }
    let frames = 0;
    let end = 0;
    let start = Number.POSITIVE_INFINITY;
    for await (const packet of new EncodedPacketSink(track).packets()) {
      if (packet.data.byteLength === 0 || packet.data.byteLength < packet.byteLength) {
        throw new ProblemError({ code: "notAVideo", reason: `frame ${frames} is incomplete` });
      }
      frames += 1;
      start = Math.min(start, packet.timestamp);
      end = Math.max(end, packet.timestamp + packet.duration);
    }
    if (frames === 0) {
      throw new ProblemError({ code: "notAVideo", reason: "no frames" });
    }
    const duration = end - start;
    return {
      extension,
      codec: (await track.getCodec()) ?? "unknown",
      width: await track.getDisplayWidth(),
      height: await track.getDisplayHeight(),
      frames,
      fps: duration > 0 ? Math.round((frames / duration) * 1000) / 1000 : 0,
      duration: Math.round(duration * 1_000_000) / 1_000_000,
    };
  } catch (error) {
    if (error instanceof ProblemError) {
      throw error;
    }
    throw new ProblemError(
      { code: "notAVideo", reason: error instanceof Error ? error.message : String(error) },
      { cause: error },
    );
  } finally {
    input.dispose();
  }
}
