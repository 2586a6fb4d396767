import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  backoff,
  longestSpacing,
  maximumRate,
  type RunTimes,
  type SpacingFacts,
  spacing,
} from "../../../src/jobs/steps/spacing.ts";

const facts = (changes: Partial<SpacingFacts> = {}): SpacingFacts => ({
  phase: "running",
  age: 0,
  failures: 0,
  focused: true,
  jobs: 1,
  ...changes,
});

/** Random numbers from 0 to 1 that are the same in every run of the tests. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Followed {
  readonly reads: number;
  /** ms from the end of the run to the read that saw it. */
  readonly late: number;
}

/** Follows one job, as the engine does: read, then wait; each read takes a while. */
function follow(
  queueMs: number,
  runMs: number,
  wait: (phase: "queued" | "running", age: number) => number,
  first: number,
): Followed {
  const latency = 150;
  const end = queueMs + runMs;
  let runningSeen: number | undefined;
  for (let time = first, reads = 1; ; reads += 1) {
    time += latency;
    if (time >= end) {
      return { reads, late: time - end };
    }
    if (time >= queueMs) {
      runningSeen ??= time;
    }
    time += runningSeen === undefined ? wait("queued", time) : wait("running", time - runningSeen);
  }
}

interface Kind {
  readonly what: string;
  readonly queue: (random: () => number) => number;
  readonly run: (random: () => number) => number;
  /** Whether earlier runs of the same kind are known. */
  readonly history: boolean;
}

const between = (low: number, high: number) => (random: () => number) => low + random() * (high - low);
/** A bell around the middle, with a long tail of `tail` times as long for one in ten. */
const around = (middle: number, tail: number) => (random: () => number) => {
  const bell = (random() + random() + random() + random()) / 2 - 1;
  return middle * (1 + bell * 0.25) * (random() < 0.1 ? 1 + random() * (tail - 1) : 1);
};

const kinds: readonly Kind[] = [
  {
    what: "never seen before, one to ten minutes",
    queue: between(0, 5000),
    run: between(60_000, 600_000),
    history: false,
  },
  {
    what: "never seen before, one to three minutes",
    queue: between(0, 60_000),
    run: between(60_000, 180_000),
    history: false,
  },
  { what: "known, about half a minute", queue: between(0, 20_000), run: around(30_000, 1.5), history: true },
  { what: "known, about 80 seconds", queue: between(0, 30_000), run: around(80_000, 2), history: true },
  { what: "known, about five minutes", queue: between(0, 60_000), run: around(300_000, 2), history: true },
  { what: "known, with cold starts among them", queue: between(0, 5000), run: around(80_000, 4), history: true },
];

function compare(kind: Kind): { ours: Followed; fixed: Followed } {
  const random = dice(42);
  const samples = 20_000;
  const sum = { ours: { reads: 0, late: 0 }, fixed: { reads: 0, late: 0 } };
  const earlier = Array.from({ length: 20 }, () => kind.run(random)).sort((a, b) => a - b);
  const runTimes: RunTimes = { shortest: earlier[0] ?? 0, typical: earlier[10] ?? 0 };
  for (let sample = 0; sample < samples; sample += 1) {
    const queueMs = kind.queue(random);
    const runMs = kind.run(random);
    const ours = follow(
      queueMs,
      runMs,
      (phase, age) => spacing(facts({ phase, age, ...(kind.history ? { runTimes } : {}) }), random()),
      1000,
    );
    const fixed = follow(queueMs, runMs, () => 2000, random() * 2000);
    for (const [into, from] of [
      [sum.ours, ours],
      [sum.fixed, fixed],
    ] as const) {
      into.reads += from.reads / samples;
      into.late += from.late / samples;
    }
  }
  return sum;
}

describe("against a fixed loop of 2 s", () => {
  for (const kind of kinds) {
    it(`${kind.what}: fewer reads, and the end is seen sooner`, (test) => {
      const { ours, fixed } = compare(kind);
      test.diagnostic(
        `reads ${ours.reads.toFixed(1)} : ${fixed.reads.toFixed(1)}, late ${ours.late.toFixed(0)} : ${fixed.late.toFixed(0)} ms`,
      );
      assert.ok(ours.reads < fixed.reads, `${ours.reads} reads, not fewer than ${fixed.reads}`);
      assert.ok(ours.late < fixed.late, `${ours.late} ms late, not sooner than ${fixed.late}`);
    });
  }

  it("known runs need at most two thirds of its reads", () => {
    for (const kind of kinds.filter(({ history }) => history)) {
      const { ours, fixed } = compare(kind);
      assert.ok(ours.reads < 0.667 * fixed.reads, `${kind.what}: ${ours.reads} of ${fixed.reads}`);
    }
  });
});

describe("a run", () => {
  const runTimes = { typical: 120_000, shortest: 100_000 };

  it("that has never taken less than 100 s is left alone at first and looked at densely when it is due", () => {
    assert.ok(spacing(facts({ runTimes }), 0.5) >= 15_000);
    assert.ok(spacing(facts({ runTimes, age: 110_000 }), 0.5) < 2000);
    assert.ok(spacing(facts({ runTimes, age: 130_000 }), 0.5) < 2000);
  });

  it("is looked at when it is due at the earliest, not long after", () => {
    for (let age = 0; age < runTimes.shortest; age += 500) {
      assert.ok(age + spacing(facts({ runTimes, age }), 1) < runTimes.shortest * 1.02, String(age));
    }
  });

  it("of seconds is seen within seconds, with no history at all", () => {
    const { late } = follow(500, 1500, (phase, age) => spacing(facts({ phase, age }), 0.5), 1000);
    assert.ok(late < 2000, String(late));
  });

  it("that drags on is asked for less and less, and never forgotten", () => {
    for (const times of [undefined, runTimes]) {
      const after = (minutes: number) => spacing(facts({ runTimes: times, age: minutes * 60_000 }), 0.5);
      assert.ok(after(60) > after(11));
      assert.ok(after(11) > after(9));
      assert.ok(after(10_000) <= longestSpacing);
    }
  });
});

describe("a queued job", () => {
  it("is asked for less the further back it is", () => {
    const at = (position: number | undefined) => spacing(facts({ phase: "queued", position }), 0.5);
    assert.ok(at(0) <= 2000 && at(1) <= 2000 && at(undefined) <= 2000);
    assert.ok(at(5) > at(2));
    assert.ok(at(1000) <= 10_000);
  });

  it("is asked for less with age", () => {
    const at = (age: number) => spacing(facts({ phase: "queued", age }), 0.5);
    assert.ok(at(60_000) > at(1000));
    assert.ok(at(10_000_000) <= 10_000);
  });
});

describe("a result that trails", () => {
  it("is asked for at once, then with patience", () => {
    const at = (age: number) => spacing(facts({ phase: "ended", age }), 0.5);
    assert.ok(at(0) <= 600);
    assert.ok(at(10_000) > at(1000));
    assert.ok(at(10_000_000) <= 15_000);
  });
});

describe("trouble", () => {
  it("is met with longer and longer pauses", () => {
    const at = (failures: number) => spacing(facts({ failures }), 0.5);
    const pauses = [1, 2, 3, 4].map(at);
    assert.deepEqual(
      pauses,
      [...pauses].sort((a, b) => a - b),
    );
    assert.ok(at(1) >= 1500 && at(1000) <= longestSpacing);
  });

  it("is met as the service asks, whatever else there is to say", () => {
    for (const changes of [
      {},
      { failures: 9 },
      { focused: false },
      { phase: "queued", position: 90 },
      { phase: "ended" },
    ] as const) {
      for (const retryAfter of [1000, 7000, 120_000, 3_600_000]) {
        assert.equal(spacing(facts({ ...changes, retryAfter }), 0.1), retryAfter);
      }
    }
  });
});

it("is slower without focus", () => {
  for (const phase of ["queued", "running", "ended"] as const) {
    const focused = spacing(facts({ phase, age: 60_000 }), 0.5);
    const away = spacing(facts({ phase, age: 60_000, focused: false }), 0.5);
    assert.ok(away >= focused * 1.5 && away <= longestSpacing);
  }
});

it("spreads the reads by a tenth", () => {
  const middle = spacing(facts({ age: 100_000 }), 0.5);
  assert.equal(Math.round(spacing(facts({ age: 100_000 }), 0)), Math.round(middle * 0.9));
  assert.equal(Math.round(spacing(facts({ age: 100_000 }), 1)), Math.round(middle * 1.1));
});

it("never leaves a job alone for longer than the longest spacing, nor asks without any pause", () => {
  for (const phase of ["queued", "running", "ended"] as const) {
    for (const age of [0, 1, 5000, 60_000, 3_600_000, 1e12]) {
      for (const failures of [0, 1, 5, 5000]) {
        for (const focused of [true, false]) {
          for (const runTimes of [undefined, { typical: 1, shortest: 1 }, { typical: 1e9, shortest: 1e9 }]) {
            for (const random of [0, 1]) {
              const ms = spacing(facts({ phase, age, failures, focused, runTimes, position: 1e6 }), random);
              assert.ok(
                ms >= 400 && ms <= longestSpacing,
                JSON.stringify({ phase, age, failures, focused, runTimes, ms }),
              );
            }
          }
        }
      }
    }
  }
});

it("keeps a crowd of jobs below the rate over all of them, also when the service asks for less", () => {
  for (const jobs of [1, 10, 100, 1000]) {
    for (const changes of [{}, { phase: "ended" }, { retryAfter: 1000 }] as const) {
      const ms = spacing(facts({ ...changes, jobs }), 0);
      assert.ok((jobs / ms) * 1000 <= maximumRate + 1e-9, `${jobs} jobs, one each ${ms} ms`);
    }
  }
});

it("the pause after failures in a row doubles, up to the longest one", () => {
  assert.deepEqual([1, 2, 3, 4].map(backoff), [2000, 4000, 8000, 16_000]);
  assert.equal(backoff(5), longestSpacing);
  assert.equal(backoff(2000), longestSpacing);
});
