import {
  checkCap,
  checkVideoCaps,
  dayStart,
  monthStart,
  type Payment,
  type Spend,
  type VideoCounts,
} from "../shared/model/budget.ts";
import type { Journal } from "./journal/journal.ts";
import { LastRead } from "./lastRead.ts";
import type { Ports } from "./ports.ts";

/** What the calendar day and month have cost, over all windows. */
export class Spending {
  /** What this calendar month has cost so far. */
  readonly soFar: LastRead<Spend>;
  /** How many videos this calendar day and month have paid for, or may yet. */
  readonly videos: LastRead<VideoCounts>;

  constructor({ charges }: Journal, ports: Pick<Ports, "now">) {
    this.soFar = new LastRead(() => charges.spend(monthStart(ports.now())));
    this.videos = new LastRead(() => {
      const now = ports.now();
      return { day: charges.videos(dayStart(now)), month: charges.videos(monthStart(now)) };
    });
  }

  /**
   * Checks a payment against the caps. Must run inside a transaction of the journal, so that two windows cannot both take what
   * is left.
   * @throws {ProblemError} about the cap that it would exceed.
   */
  check(payment: Payment): void {
    checkVideoCaps(this.videos.now(), payment.videoCaps);
    checkCap(this.soFar.now(), payment);
  }
}
