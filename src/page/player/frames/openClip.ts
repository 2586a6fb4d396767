/**
 * Everything needed to examine a video. It is a bundle of its own, which the page loads when the first video comes into
 * view.
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
 * @throws Error if the bytes are no video, or if it cannot be shown here at all.
 */
export async function openClip(bytes: Uint8Array<ArrayBuffer>): Promise<Clip> {
  const movie = readMovie(bytesSource(bytes), "rest");
  const config = await decoderConfig(bytes, movie);
  return config === undefined ? await ElementClip.open(bytes, movie) : new DecodedClip(bytes, movie, config);
}

/**
 * How to decode a video here. Undefined if the video element has to play it: an element rotates pictures and starts
 * without a key frame, which decoders do not.
 */
async function decoderConfig(bytes: Uint8Array<ArrayBuffer>, movie: Movie): Promise<VideoDecoderConfig | undefined> {
  if (!("VideoDecoder" in globalThis) || movie.isTurned || !movie.plain || !movie.packets.some(({ key }) => key)) {
    return undefined;
  }
  const config = (await listedConfig(bytes, movie)) ?? ownConfig(movie);
  const { supported } = config === undefined ? {} : await VideoDecoder.isConfigSupported(config);
  return supported === true ? config : undefined;
}

/** mediabunny's configuration for the track. Undefined if mediabunny fails on something in the file. */
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

/** The configuration from AVC's own record, which contains all that a decoder needs. Undefined for other codecs. */
function ownConfig({ codec, setUp }: Movie): VideoDecoderConfig | undefined {
  if (codec !== "avc" || setUp === undefined) {
    return undefined;
  }
  const profile = [...setUp.subarray(1, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { codec: `avc1.${profile}`, description: setUp };
}
