import type { EndMeasure, Measures } from "../../../shared/messages/videos.ts";
import type { Size } from "../../../shared/model/size.ts";
import type { Clip } from "./clip.ts";
import { compare, comparedPart, lumaOf, searchedFrames } from "./measure.ts";

/** The images that a video was made from, as they were sent. Undefined if no copy is stored. */
export interface Inputs {
  readonly start: ImageBitmap | undefined;
  readonly end: ImageBitmap | undefined;
}

/**
 * Measures the first frame against the start image and the last frames against the end image, one picture per idle
 * moment of the page.
 * @throws Error if none of these frames can be decoded.
 */
export async function measureClip(clip: Clip, inputs: Inputs): Promise<Measures> {
  const { size, count } = clip;
  const context = new OffscreenCanvas(size.width, size.height).getContext("2d", { willReadFrequently: true });
  if (context === null) {
    throw new Error("no canvas");
  }
  const read = () => lumaOf(context.getImageData(0, 0, size.width, size.height).data);
  const image = async (bitmap: ImageBitmap | undefined) => {
    const part = bitmap && comparedPart(bitmap, size);
    if (bitmap === undefined || part === undefined) {
      return undefined;
    }
    await idle();
    context.drawImage(bitmap, -part.x, -part.y);
    return read();
  };
  const [start, end] = [await image(inputs.start), await image(inputs.end)];
  const last = Array.from({ length: Math.min(searchedFrames, count) }, (_, at) => count - 1 - at).reverse();
  const wanted = [...(start === undefined ? [] : [0]), ...(end === undefined ? [] : last)];
  const frames = await Promise.allSettled(wanted.map((index) => clip.frame(index)));
  let first: EndMeasure | undefined;
  let ends: EndMeasure[] = [];
  for (const [at, settled] of frames.entries()) {
    const isStart = start !== undefined && at === 0;
    if (settled.status === "rejected") {
      // These measures are counted from the end of the video, so a lost frame invalidates those before it.
      ends = isStart ? ends : [];
      continue;
    }
    await idle();
    settled.value.draw(context);
    settled.value.close();
    const against = isStart ? start : end;
    const measure = compare(against ?? new Uint8Array(), read(), size);
    if (isStart) {
      first = measure;
    } else {
      ends.push(measure);
    }
  }
  if (wanted.length > 0 && first === undefined && ends.length === 0) {
    throw new Error("none of the frames can be decoded");
  }
  return {
    ...dimensions(size),
    frames: count,
    ...(first === undefined ? {} : { start: first }),
    ...(ends.length === 0 ? {} : { end: ends }),
  };
}

function dimensions({ width, height }: Size): Size {
  return { width, height };
}

/** Waits for the page's next idle moment, but no longer than a second. */
function idle(): Promise<void> {
  return new Promise((done) => {
    requestIdleCallback(() => done(), { timeout: 1000 });
  });
}
