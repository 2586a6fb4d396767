import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input, type InputVideoTrack } from "mediabunny";
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
    const { frames, start, end } = await readFrames(track);
    const duration = end - start;
    // Only a video that is alone in its file has the file's duration for certain.
    const declared = (await input.getTracks()).length === 1 ? await track.getDurationFromMetadata() : null;
    if (declared !== null && declared - end > (2 * duration) / frames) {
      throw new ProblemError({ code: "notAVideo", reason: `${end} of ${declared} seconds` });
    }
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

/** Reads every frame that the container lists. Gives their number and the span of time they cover, in seconds. */
async function readFrames(track: InputVideoTrack): Promise<{ frames: number; start: number; end: number }> {
  const sink = new EncodedPacketSink(track);
  let listed = 0;
  let end = 0;
  let start = Number.POSITIVE_INFINITY;
  for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
    listed += 1;
    start = Math.min(start, packet.timestamp);
    end = Math.max(end, packet.timestamp + packet.duration);
  }
  let frames = 0;
  // The reader stops in silence at the first frame whose bytes are not there.
  for await (const packet of sink.packets()) {
    if (packet.data.byteLength === 0) {
      throw new ProblemError({ code: "notAVideo", reason: `frame ${frames} is empty` });
    }
    frames += 1;
  }
  if (frames === 0 || frames < listed) {
    throw new ProblemError({ code: "notAVideo", reason: `${frames} of ${listed} frames` });
  }
  return { frames, start, end };
}
