/** The containers that a video can come in, the likeliest first. The names of its files end like them. */
export const containers = ["mp4", "webm", "mov", "mkv"] as const;
export type Container = (typeof containers)[number];

/** What the names of recipes end with, without the dot. */
export const recipeEnding = "flf.json";

/** What the names of videos and recipes end with, without the dot. */
export const videoEndings: readonly string[] = [...containers, recipeEnding];

const endings = new RegExp(`(?<=.)\\.(${videoEndings.join("|").replace(".", "\\.")})$`, "i");

/** The name of a video or a recipe without its ending; undefined for the name of another file. */
export function videoStem(name: string): string | undefined {
  return endings.test(name) ? name.replace(endings, "") : undefined;
}
