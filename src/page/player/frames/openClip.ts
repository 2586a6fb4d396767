/**
 * What it takes to look at a video closely, in a bundle of its own that the page loads when the first video comes into
 * sight.
 */
import { BufferSource, Input, MATROSKA, MP4, QTFF, WEBM } from "mediabunny";
import { readMovie } from "../../../shared/video/movie.ts";
import { bytesSource } from "../../../shared/video/source.ts";
import type { Movie } from "../../../shared/video/timeline.ts";
import type { Clip } from "./clip.ts";
import { DecodedClip } from "./decoded.ts";
import { ElementClip } from "./element.ts";

export { measureClip } from "./measureClip.ts";

/**
 * Opens a video from its bytes.
 * @throws Error when it is no video, or cannot be shown here by any means.
 */
export async function openClip(bytes: Uint8Array<ArrayBuffer>): Promise<Clip> {
  const movie = readMovie(bytesSource(bytes), "rest");
  const config = await decoderConfig(bytes, movie);
  return config === undefined ? await ElementClip.open(bytes, movie) : new DecodedClip(bytes, movie, config);
}

/**
 * How to decode a video here; undefined where that is left to the video element: it turns pictures, and begins without a key
 * frame as decoders of their own do not.
 */
async function decoderConfig(bytes: Uint8Array<ArrayBuffer>, movie: Movie): Promise<VideoDecoderConfig | undefined> {
  if (!("VideoDecoder" in globalThis) || movie.isTurned || !movie.plain || !movie.packets.some(({ key }) => key)) {
    return undefined;
  }
  const config = (await listedConfig(bytes, movie)) ?? ownConfig(movie);
  const { supported } = config === undefined ? {} : await VideoDecoder.isConfigSupported(config);
  return supported === true ? config : undefined;
}

/** What mediabunny makes of the track; undefined where it stumbles over something in the file. */
async function listedConfig(bytes: Uint8Array<ArrayBuffer>, { track }: Movie): Promise<VideoDecoderConfig | undefined> {
  const input = new Input({ source: new BufferSource(bytes), formats: [MP4, QTFF, WEBM, MATROSKA] });
  try {
    const tracks = await input.getVideoTracks();
    return (await tracks.find(({ id }) => id === track)?.getDecoderConfig()) ?? undefined;
  } catch {
    return undefined;
  } finally {
    input.dispose();
  }
}

/** AVC says all that a decoder needs in its own record. */
function ownConfig({ codec, setUp }: Movie): VideoDecoderConfig | undefined {
  if (codec !== "avc" || setUp === undefined) {
    return undefined;
  }
  const profile = [...setUp.subarray(1, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { codec: `avc1.${profile}`, description: setUp };
}
