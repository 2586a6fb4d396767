import type { Problem } from "../../../src/shared/model/problem.ts";
import type { FaultPlan } from "../../support/service/service.ts";
import type { Row, Sight } from "../row.ts";
import { givenUpOffers, hostOffers, neverOffers, standingOffers } from "./offers.ts";

type Effects = FaultPlan[number]["do"];

/** Something goes wrong with the first `times` downloads; the video is saved all the same after `downloads` of them. */
function download(name: string, effects: Effects, downloads: number, more: Partial<Row> = {}, times = 1): Row {
  return {
    name: `download: ${name}`,
    faults: [{ on: "download", times, do: effects }],
    never: ["failed", "needsAction", "unclear", "cancelled"],
    books: { downloads },
    ...more,
  };
}

/** A transfer that broke, shown as such while it is tried again. */
function broken(name: string, effects: Effects, problem: Problem["code"], more: Partial<Row> = {}): Row {
  return download(name, effects, 2, { sees: [{ state: "downloading", problem }, { state: "saved" }], ...more });
}

/** What never becomes a video stands in the end, with nothing in the folder, until the user decides. */
function stands(
  name: string,
  effects: Effects,
  problem: Problem["code"],
  downloads: number,
  more: Partial<Row> = {},
): Row {
  return {
    name: `download: ${name}`,
    faults: [{ on: "download", do: effects }],
    sees: [{ state: "needsAction", problem, offers: standingOffers }],
    never: ["failed", "saved"],
    books: { downloads },
    ...more,
  };
}

/** A file address, or a redirect, that leads where no video of the service can be. */
function strange(name: string, location: string, host: string, offers = hostOffers): readonly Row[] {
  const sees: readonly Sight[] = [{ state: "needsAction", problem: "hostNotTrusted", says: host, offers }];
  return [
    {
      name: `result names ${name}`,
      faults: [{ on: "result", do: { videoUrl: location } }],
      sees,
      never: ["saved", "failed"],
      books: { downloads: 0 },
    },
    {
      name: `download is redirected to ${name}`,
      faults: [{ on: "download", do: { redirect: { location } } }],
      sees,
      never: ["saved", "failed"],
      books: { downloads: 1 },
    },
  ];
}

const another = { videos: 1, other: true } as const;

export const downloadRows: readonly Row[] = [
  broken("500", { respond: { status: 500, empty: true } }, "downloadFailed"),
  broken("503 with Retry-After", { respond: { status: 503, text: "later" }, retryAfter: 1 }, "downloadFailed"),
  broken("429", { respond: { status: 429, empty: true } }, "downloadFailed"),
  broken("401", { respond: { status: 401, empty: true } }, "downloadFailed"),
  broken("204", { respond: { status: 204, empty: true } }, "downloadFailed"),
  broken("part of a file that nobody asked for", { respond: { status: 206, text: "x" } }, "downloadFailed"),
  broken("403 once, as of a link that ran out", { respond: { status: 403, text: "<Error/>" } }, "videoExpired"),
  broken("404 once", { respond: { status: 404, empty: true } }, "videoExpired"),
  broken("410 once", { respond: { status: 410, empty: true } }, "videoExpired"),
  broken("reset", { resetBeforeAccept: true }, "downloadFailed"),
  broken("no answer", { hangBefore: true }, "downloadFailed", { impatient: true }),
  broken("stalls before the first byte", { stall: { afterBytes: 0 } }, "downloadFailed", { impatient: true }),
  broken("a page in place of the video", { html: true }, "notAVideo"),
  broken("an empty file", { videoIs: "empty" }, "notAVideo"),
  broken("half a file, announced as whole", { truncate: { afterBytes: 20_000, length: "short" } }, "notAVideo"),
  broken("half a file, without a length", { truncate: { afterBytes: 20_000, length: "none" } }, "notAVideo"),
  broken("a redirect without an address", { respond: { status: 302, empty: true } }, "downloadFailed"),
  download("500 ten times", { respond: { status: 500, empty: true } }, 11, {}, 10),
  download("cut in the middle, goes on there", { truncate: { afterBytes: 20_000 } }, 2),
  download("cut in the middle of chunks, goes on there", { truncate: { afterBytes: 20_000, length: "chunked" } }, 2),
  download("stalls in the middle, goes on there", { stall: { afterBytes: 20_000 } }, 2, { impatient: true }),
  download("cut in the middle, by a server without ranges", { noRange: true, truncate: { afterBytes: 20_000 } }, 2),
  download("cut three times at the same length", { noRange: true, truncate: { afterBytes: 20_000 } }, 4, {}, 3),
  download("cut, and the rest cannot be had", { truncate: { afterBytes: 20_000 } }, 3, {
    faults: [
      { on: "download", nth: 1, do: { truncate: { afterBytes: 20_000 } } },
      { on: "download", nth: 2, do: { respond: { status: 416, empty: true } } },
    ],
  }),
  download("cut, and then the wrong part comes", { truncate: { afterBytes: 20_000 } }, 3, {
    faults: [
      { on: "download", nth: 1, do: { truncate: { afterBytes: 20_000 } } },
      {
        on: "download",
        nth: 2,
        do: { respond: { status: 206, text: "xx", headers: { "content-range": "bytes 0-1/99999" } } },
      },
    ],
  }),
  download("announced as longer than it is", { wrongContentLength: 9_000_000 }, 3),
  broken("announced as shorter than it is", { wrongContentLength: 20_000 }, "notAVideo"),
  download("no length", { noContentLength: true }, 1),
  download("no ranges", { noRange: true }, 1),
  download("wrong content type", { wrongContentType: "text/html" }, 1),
  download("no content type to speak of", { wrongContentType: "application/octet-stream" }, 1),
  download("slowly", { slowBytes: { bytesPerSecond: 400_000 } }, 1),
  download("one good redirect", { redirect: { location: "?again=1" } }, 2),
  download("a permanent redirect", { redirect: { location: "?again=1", status: 308 } }, 2),
  download("five good redirects", { redirect: { location: "?again=1" } }, 6, {}, 5),
  download(
    "redirects in a circle, for a while",
    { redirect: { location: "?again=1" } },
    9,
    {
      sees: [{ state: "downloading", problem: "downloadFailed", says: "redirects" }, { state: "saved" }],
    },
    8,
  ),
  download("WebM", { videoIs: "webm" }, 1, { files: { ...another, ending: "made.webm" } }),
  download("another size than asked for", { videoIs: "wrongSize" }, 1, { files: another }),
  download("another number of frames than asked for", { videoIs: "wrongFrames" }, 1, { files: another }),
  download("another rate than asked for", { videoIs: "wrongFps" }, 1, { files: another }),

  stands("a page for good", { html: true }, "notAVideo", 5),
  stands("text for good", { videoIs: "text" }, "notAVideo", 5),
  stands("an empty file for good", { videoIs: "empty" }, "notAVideo", 5),
  stands("a file that was cut before it was stored", { videoIs: "truncated" }, "notAVideo", 5),
  stands("expired", { expire: true }, "videoExpired", 5),
  stands("expired, then retried, then dropped", { expire: true }, "videoExpired", 10, {
    sees: [
      { state: "needsAction", problem: "videoExpired", then: [{ user: "retry" }] },
      { state: "downloading" },
      { state: "needsAction", problem: "videoExpired", then: [{ user: "drop" }] },
      { state: "failed", problem: "videoExpired", offers: givenUpOffers },
    ],
    never: ["saved"],
  }),
  stands(
    "the request expired before the file was fetched",
    { respond: { status: 500, empty: true } },
    "requestUnknown",
    1,
    {
      faults: [
        { on: "download", do: { respond: { status: 500, empty: true } } },
        { on: "result", nth: 2, do: { expire: true } },
      ],
      sees: [
        { state: "downloading", problem: "requestUnknown", then: [{ clock: 7 * 3_600_000 }] },
        { state: "needsAction", problem: "requestUnknown", offers: standingOffers },
      ],
    },
  ),
  stands("larger than the limit", { noRange: true }, "videoTooLarge", 1, { videoBytes: 30_000 }),
  stands("larger than the limit, without a length", { noContentLength: true }, "videoTooLarge", 1, {
    videoBytes: 30_000,
  }),
  stands("not a video for long, then it is", { videoIs: "text" }, "notAVideo", 6, {
    faults: [{ on: "download", times: 5, do: { videoIs: "text" } }],
    sees: [{ state: "needsAction", problem: "notAVideo", then: [{ user: "retry" }] }, { state: "saved" }],
    never: ["failed"],
  }),

  ...strange("a stranger", "https://elsewhere.example/video.mp4", "elsewhere.example"),
  ...strange("a stranger that looks familiar", "https://runcomfy.net.example/video.mp4", "runcomfy.net.example"),
  ...strange("a stranger with the name in front", "https://notruncomfy.net/video.mp4", "notruncomfy.net"),
  ...strange("its own host without TLS", "http://files.runcomfy.net/video.mp4", "files.runcomfy.net", neverOffers),
  ...strange("its own host with a user", "https://a:b@files.runcomfy.net/video.mp4", "files.runcomfy.net", neverOffers),
  ...strange("the cloud's metadata", "http://169.254.169.254/latest/meta-data", "169.254.169.254", neverOffers),
  ...strange("the neighbor's router", "https://192.168.0.1/video.mp4", "192.168.0.1", neverOffers),
  ...strange("a file of this machine", "file:///etc/passwd", "Videos are never downloaded", neverOffers),
  {
    name: "result names a stranger, then the right host after a retry",
    faults: [{ on: "result", nth: 1, do: { videoUrl: "https://elsewhere.example/video.mp4" } }],
    sees: [{ state: "needsAction", problem: "hostNotTrusted", then: [{ user: "retry" }] }, { state: "saved" }],
  },
];
