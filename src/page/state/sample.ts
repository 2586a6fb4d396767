import { type Sample, sampleEdge } from "./likeness.ts";

/** A small copy of a picture, for comparing it with another and for picking its colors. */
export async function sampleOf(picture: Blob): Promise<Sample> {
  const bitmap = await createImageBitmap(picture, {
    resizeWidth: sampleEdge,
    resizeHeight: sampleEdge,
    resizeQuality: "medium",
  });
  const context = new OffscreenCanvas(sampleEdge, sampleEdge).getContext("2d");
  if (context === null) {
    throw new Error("no canvas");
  }
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, sampleEdge, sampleEdge).data;
}
