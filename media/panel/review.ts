/**
 * What it takes to look at a video closely, in a bundle of its own that the page loads when the first video comes into
 * sight.
 */
import { BufferSource, EncodedPacketSink, Input, type InputVideoTrack, MATROSKA, MP4, QTFF, WEBM } from "mediabunny";
import type { Size } from "../../src/model/parameters.ts";
import type { Clip, Timeline } from "./frames.ts";
import { DecodedClip } from "./framesDecoded.ts";
import { ElementClip } from "./framesElement.ts";

export { measureClip } from "./measureClip.ts";

/**
 * Opens a video from its bytes.
 * @throws Error when it is no video, or cannot be shown here by any means.
 */
export async function openClip(bytes: Uint8Array<ArrayBuffer>): Promise<Clip> {
  const input = new Input({ source: new BufferSource(bytes), formats: [MP4, QTFF, WEBM, MATROSKA] });
  try {
    const track = await input.getPrimaryVideoTrack();
    if (track === null) {
      throw new Error("no video track");
    }
    const timeline = await timelineOf(track);
    const size: Size = { width: await track.getDisplayWidth(), height: await track.getDisplayHeight() };
    if (await isDecodable(track)) {
      return new DecodedClip(track, size, timeline, () => input.dispose());
    }
    input.dispose();
    return await ElementClip.open(bytes, size, timeline);
  } catch (error) {
    input.dispose();
    throw error;
  }
}

/** A turned picture is left to the video element, which turns it. */
async function isDecodable(track: InputVideoTrack): Promise<boolean> {
  return "VideoDecoder" in globalThis && (await track.getRotation()) === 0 && (await track.canDecode());
}

/** The frames in presentation order; the container lists them in the order they are decoded in. */
async function timelineOf(track: InputVideoTrack): Promise<Timeline> {
  const frames: { time: number; duration: number; key: boolean }[] = [];
  const sink = new EncodedPacketSink(track);
  for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
    frames.push({ time: packet.timestamp, duration: packet.duration, key: packet.type === "key" });
  }
  if (frames.length === 0) {
    throw new Error("no frames");
  }
  frames.sort((one, other) => one.time - other.time);
  return {
    times: frames.map(({ time }) => time),
    durations: frames.map(({ duration }) => duration),
    keys: frames.map(({ key }) => key),
  };
}
