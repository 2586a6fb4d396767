import type { Row, Sight } from "../row.ts";
import { folderOffers, givenUpOffers } from "./offers.ts";

const saved: Sight = { state: "saved" };
const stands = (says: string, then: Sight["then"]): Sight => ({
  state: "needsAction",
  problem: "folderUnusable",
  says,
  offers: folderOffers,
  ...(then && { then }),
});
const megabytes = (count: number) => count * 1024 * 1024;

export const savingRows: readonly Row[] = [
  { name: "saving: the folder is new", newFolder: true },
  {
    name: "saving: the video's name is taken",
    before: [{ taken: "video" }],
    files: { videos: 1, ending: "made-2.mp4" },
  },
  {
    name: "saving: the recipe's name is taken",
    before: [{ taken: "recipe" }],
    files: { videos: 1, ending: "made-2.mp4" },
  },
  {
    name: "saving: a folder has the video's name",
    before: [{ taken: "folder" }],
    files: { videos: 1, ending: "made-2.mp4" },
  },
  {
    name: "saving: the name is taken at the last moment",
    during: [{ at: "placing", deeds: [{ taken: "video" }] }],
    files: { videos: 1, ending: "made-2.mp4" },
  },
  {
    name: "saving: the folder is deleted while it renders, another one is chosen",
    during: [{ at: "after:queued", deeds: [{ folder: "gone" }] }],
    sees: [stands("no longer exists", [{ user: "chooseFolder", folder: "fresh" }]), saved],
  },
  {
    name: "saving: the folder is deleted while it renders, then put back",
    during: [{ at: "after:queued", deeds: [{ folder: "gone" }] }],
    sees: [stands("no longer exists", [{ folder: "back" }, { user: "retry" }]), saved],
  },
  {
    name: "saving: the folder is deleted after the download",
    during: [{ at: "downloaded", deeds: [{ folder: "gone" }] }],
    sees: [stands("", [{ user: "chooseFolder", folder: "fresh" }]), saved],
    books: { downloads: 2 },
  },
  {
    name: "saving: the folder is deleted once the video was checked",
    during: [{ at: "verified", deeds: [{ folder: "gone" }] }],
    sees: [stands("no longer exists", [{ user: "chooseFolder", folder: "fresh" }]), saved],
    books: { downloads: 2 },
  },
  {
    name: "saving: a file stands in the folder's place",
    during: [{ at: "after:queued", deeds: [{ folder: "file" }] }],
    sees: [stands("is not a folder", [{ folder: "back" }, { user: "retry" }]), saved],
  },
  {
    name: "saving: the folder stays away and the video is given up",
    during: [{ at: "after:queued", deeds: [{ folder: "gone" }] }],
    sees: [
      stands("no longer exists", [{ user: "drop" }]),
      { state: "failed", problem: "folderUnusable", offers: givenUpOffers },
    ],
    books: { downloads: 0 },
  },
  {
    name: "saving: the disk is full, then there is room",
    volume: { of: "output", bytes: megabytes(4) },
    during: [{ at: "after:queued", deeds: [{ folder: "full" }] }],
    sees: [stands("isn’t enough space", [{ folder: "roomy" }, { user: "retry" }]), saved],
    books: { downloads: 2 },
  },
  {
    name: "saving: the disk is full, another folder is chosen",
    volume: { of: "output", bytes: megabytes(4) },
    during: [{ at: "after:queued", deeds: [{ folder: "full" }] }],
    sees: [stands("isn’t enough space", [{ user: "chooseFolder", folder: "fresh" }]), saved],
    books: { downloads: 2 },
  },
  {
    name: "saving: the disk is full for the recipe alone, then there is room",
    volume: { of: "output", bytes: megabytes(4) },
    during: [{ at: "placed", deeds: [{ folder: "full" }] }],
    sees: [stands("isn’t enough space", [{ folder: "roomy" }, { user: "retry" }]), saved],
  },
  {
    name: "saving: the folder turns read-only while it renders",
    volume: { of: "output", bytes: megabytes(4) },
    during: [{ at: "after:queued", deeds: [{ folder: "readOnly" }] }],
    sees: [stands("isn’t writable", [{ folder: "writable" }, { user: "retry" }]), saved],
  },
  {
    name: "saving: the folder turns read-only before the recipe",
    volume: { of: "output", bytes: megabytes(4) },
    during: [{ at: "placed", deeds: [{ folder: "readOnly" }] }],
    sees: [stands("isn’t writable", [{ folder: "writable" }, { user: "retry" }]), saved],
  },
  {
    name: "saving: the folder turns read-only, then writable again, without the user",
    volume: { of: "output", bytes: megabytes(4) },
    during: [{ at: "after:queued", deeds: [{ folder: "readOnly" }] }],
    sees: [stands("isn’t writable", [{ folder: "writable" }]), saved],
    heals: true,
  },
  {
    name: "saving: the folder is gone, then back, without the user",
    during: [{ at: "after:queued", deeds: [{ folder: "gone" }] }],
    sees: [stands("no longer exists", [{ folder: "back" }]), saved],
    heals: true,
  },
  {
    name: "Generate refused: the folder is read-only",
    volume: { of: "output", bytes: megabytes(4) },
    before: [{ folder: "readOnly" }],
    refused: { problem: "folderUnusable", says: "isn’t writable" },
  },
  {
    name: "Generate refused: the folder is a file",
    before: [{ folder: "file" }],
    refused: { problem: "folderUnusable", says: "is not a folder" },
  },
  {
    name: "saving: another folder that will not do is refused at once",
    during: [{ at: "after:queued", deeds: [{ folder: "gone" }] }],
    sees: [
      stands("no longer exists", [{ user: "chooseFolder", folder: "file" }, { folder: "back" }, { user: "retry" }]),
      saved,
    ],
  },
];
