import type { Row } from "../row.ts";
import { imagesFailedOffers, imagesRefusedOffers, refusedOffers } from "./offers.ts";

const both = { puts: 2, deletes: 2, left: 0 };
const complaint = { status: 422, json: { error_code: 422001, error_message: "URL scheme should be 'https'" } };

/** Refused by the storage: nothing was sent to the service, and what lies there goes. */
function refused(
  name: string,
  status: number,
  says: string,
  more: { body?: string; headers?: Record<string, string> },
): Row {
  return {
    name: `upload refused: ${name}`,
    before: [{ uploads: [{ method: "PUT", status, ...more }] }],
    sees: [{ state: "failed", problem: "storageRefused", says, offers: refusedOffers }],
    never: ["submitting", "unclear", "queued"],
    books: { posts: 0, accepted: 0, paid: 0 },
    uploads: { from: "start", books: { puts: 2, deletes: 0, left: 0 } },
  };
}

export const uploadRows: readonly Row[] = [
  { name: "upload: nothing goes wrong", uploads: { from: "start", books: both } },
  {
    name: "upload: images inside the request refused, then sent with upload by the user",
    faults: [{ on: "submit", nth: 1, do: { respond: complaint } }],
    sees: [
      {
        state: "failed",
        problem: "dataUriRefused",
        says: "The images were embedded in the request",
        offers: imagesRefusedOffers,
        then: [{ user: "sendWithUpload" }],
      },
      { state: "saved" },
    ],
    never: ["unclear"],
    books: { posts: 2 },
    uploads: { from: "userSays", books: both },
  },
  {
    name: "upload: storage unreachable, then back",
    before: [{ uploads: "unreachable" }],
    sees: [
      {
        state: "waiting",
        problem: "storageUnreachable",
        says: "your image storage can’t be reached",
        offers: ["cancel"],
        then: [{ uploads: "reachable" }],
      },
      { state: "saved" },
    ],
    never: ["failed", "unclear"],
    uploads: { from: "start", books: both },
  },
  {
    name: "upload: storage out of order for a moment, what arrived is used",
    before: [{ uploads: [{ method: "PUT", status: 503, times: 1 }] }],
    sees: [{ state: "waiting", problem: "storageUnreachable" }, { state: "saved" }],
    never: ["failed"],
    uploads: { from: "start", books: { puts: 3, deletes: 2, left: 0 } },
  },
  {
    name: "upload: an answer is lost though the image arrived",
    before: [{ uploads: [{ method: "PUT", status: 500, taken: true, times: 1 }] }],
    sees: [{ state: "waiting", problem: "storageUnreachable" }, { state: "saved" }],
    uploads: { from: "start", books: { puts: 3, deletes: 2, left: 0 } },
  },
  {
    name: "upload: a sign-in in the storage's place says 200 in JSON",
    before: [{ uploads: [{ method: "PUT", status: 200, body: '{"error":"login_required"}', times: 1 }] }],
    sees: [{ state: "waiting", problem: "storageUnreachable", says: "HTTP 200, json" }, { state: "saved" }],
    uploads: { from: "start", books: { puts: 3, deletes: 2, left: 0 } },
  },
  {
    name: "upload: a storage says in words that it has the image, and it lies there",
    before: [{ uploads: [{ method: "PUT", status: 200, body: "OK", taken: true }] }],
    uploads: { from: "start", books: both },
  },
  refused("wrong password", 401, "the credentials are wrong", {}),
  refused("a signature that does not fit", 403, "a proxy in front of the storage changes the host or path", {
    body: "<Error><Code>SignatureDoesNotMatch</Code></Error>",
  }),
  refused("forbidden", 403, "the credentials are wrong", {}),
  refused("no such bucket", 404, "(NoSuchBucket): the bucket or folder doesn’t exist", {
    body: "<Error><Code>NoSuchBucket</Code><StringToSign>secret</StringToSign></Error>",
  }),
  refused("redirect", 307, "redirected the upload", { headers: { location: "http://127.0.0.1:9/" } }),
  refused("wrong clock", 403, "this computer’s clock is wrong", { body: "<Code>RequestTimeTooSkewed</Code>" }),
  {
    name: "upload refused, mended, sent again by the user",
    before: [{ uploads: [{ method: "PUT", status: 403, times: 2 }] }],
    sees: [{ state: "failed", problem: "storageRefused", then: [{ user: "sendAgain" }] }, { state: "saved" }],
    books: { posts: 1 },
    uploads: { from: "start", books: { puts: 4, deletes: 2, left: 0 } },
  },
  {
    name: "upload: cancelled while the storage is unreachable",
    before: [{ uploads: "unreachable" }],
    sees: [
      { state: "waiting", problem: "storageUnreachable", then: [{ user: "cancel" }] },
      { state: "cancelled", says: "never sent" },
    ],
    books: { posts: 0, accepted: 0, paid: 0 },
    uploads: { from: "start", books: { puts: 0, deletes: 0, left: 0 } },
  },
  {
    name: "upload: the service is throttled, and the images are not uploaded twice",
    faults: [{ on: "submit", nth: 1, do: { respond: { status: 429, empty: true } } }],
    sees: [{ state: "waiting", says: "accepts no more requests" }, { state: "saved" }],
    books: { posts: 2 },
    uploads: { from: "start", books: both },
  },
  {
    name: "upload: unclear keeps the images for the request that may be in the queue, whatever the user decides",
    faults: [{ on: "submit", nth: 1, do: { resetBeforeAccept: true } }],
    sees: [
      { state: "unclear", problem: "submitUnclear", then: [{ window: "reloads" }, { user: "sendAgain" }] },
      { state: "saved" },
    ],
    books: { posts: 2 },
    uploads: { from: "start", books: { puts: 2, deletes: 0, left: 2 } },
  },
  {
    name: "upload: the service cannot make the video",
    faults: [{ on: "submit", do: { failRun: { error: "out of memory" } } }],
    sees: [{ state: "failed", problem: "generationFailed" }],
    books: { paid: 0 },
    uploads: { from: "start", books: both },
  },
  {
    name: "upload: images inside the request, and the service cannot make the video",
    faults: [{ on: "submit", do: { failRun: { error: "could not load the image" } } }],
    sees: [
      {
        ...{ state: "failed", problem: "generationFailed", says: "try uploading them instead" },
        offers: imagesFailedOffers,
      },
    ],
    books: { paid: 0 },
    uploads: { from: "userSays", books: { puts: 0, deletes: 0, left: 0 } },
  },
  {
    name: "upload: deleting works the second time",
    before: [{ uploads: [{ method: "DELETE", status: 503, times: 2 }] }],
    uploads: { from: "start", books: { puts: 2, deletes: 4, left: 0 } },
  },
  {
    name: "upload: deleting is not allowed, so the user is told",
    before: [{ uploads: [{ method: "DELETE", status: 403 }] }],
    uploads: { from: "start", books: { puts: 2, deletes: 2, left: 2, told: 2 } },
  },
  {
    name: "upload: deleting never works, so the user is told after six tries",
    before: [{ uploads: [{ method: "DELETE", status: 500 }] }],
    uploads: { from: "start", books: { puts: 2, deletes: 12, left: 2, told: 2 } },
  },
];
