import type { PostAnswer } from "./answers.ts";
import { factsOf, promptOf, type Row, readRows, saysMayBePaid } from "./rows.ts";
import type { Post, Request } from "./service.ts";
import { foreignToken } from "./window.ts";
import type { World } from "./world.ts";

/** A user's decision about a job, by its prompt. */
interface Decision {
  readonly kind: "sendAgain" | "adopt" | "drop" | "remove" | "cancel";
  readonly at: number;
  /** Of `sendAgain`: the user was told that it may pay twice, and wants it. */
  readonly isKnowing: boolean;
  /** Of `adopt`: the id that was given. */
  readonly requestId: string | undefined;
  /** Of `cancel`: a POST that was decided on before may still leave. */
  readonly allowsOne: boolean;
  /** Of `cancel` and `adopt`: false where it may never have been written down. */
  readonly holds: () => boolean;
}

/** What users decided and what the service took: what follows from both must hold at every moment. */
export class Ledger {
  readonly #world: World;
  readonly #decisions = new Map<string, Decision[]>();
  /** Request ids that left the list with their jobs, as their users wanted. */
  readonly #removed = new Set<string>();

  constructor(world: World) {
    this.#world = world;
    const { service, network } = world;
    service.onReached = (post) => this.#reached(post);
    service.onTaken = (request) => this.#taken(request);
    service.onCancel = (request) => this.#cancelCame(request);
    network.onAnswered = (post, answer, request) => this.#answered(post, answer, request);
  }

  /** Takes note of a decision. Gives a function that takes it back, for one that its window refuses. */
  decided(
    prompt: string,
    kind: Decision["kind"],
    facts: { isKnowing?: boolean; allowsOne?: boolean; requestId?: string; holds?: () => boolean } = {},
  ): () => void {
    const { isKnowing = false, allowsOne = false, requestId, holds = () => true } = facts;
    const decision = { kind, at: this.#world.scheduler.now, isKnowing, allowsOne, requestId, holds };
    this.#decisions.set(prompt, [...(this.#decisions.get(prompt) ?? []), decision]);
    return () => {
      const left = (this.#decisions.get(prompt) ?? []).filter((other) => other !== decision);
      this.#decisions.set(prompt, left);
    };
  }

  /** Takes note that a request's job has left the list by its user's wish. */
  removed(requestId: string): void {
    this.#removed.add(requestId);
  }

  #since(prompt: string, at: number): Decision[] {
    return (this.#decisions.get(prompt) ?? []).filter((decision) => decision.at >= at);
  }

  #count(prompt: string, isMeant: (decision: Decision) => boolean): number {
    return (this.#decisions.get(prompt) ?? []).filter(isMeant).length;
  }

  #reached(post: Post): void {
    const { posts } = this.#world.service;
    if (post.reached > 1) {
      this.#world.violation(
        "paidTwice",
        `post ${post.number} of ${post.prompt} came to the service ${post.reached} times`,
      );
    }
    const last = posts.findLast((other) => other !== post && other.prompt === post.prompt && other.reached > 0);
    if (last !== undefined && last.meaning !== "throttled") {
      // A request that an answer named is a job of its own once its job is sent again, and can be sent again as well: each
      // further POST needs a decision of its own.
      const further = posts.filter(
        (other) => other.prompt === post.prompt && other.reached > 0 && other.meaning !== "throttled",
      ).length;
      const again = this.#since(post.prompt, last.startedAt).some(({ kind }) => kind === "sendAgain");
      if (!again && this.#count(post.prompt, ({ kind }) => kind === "sendAgain") < further - 1) {
        this.#world.violation(
          "paidTwice",
          `post ${post.number} repeats post ${last.number} of ${post.prompt} (${last.meaning ?? "no answer"}) by itself`,
        );
      }
    }
    this.#checkCancel(post);
  }

  #checkCancel(post: Post): void {
    const decisions = this.#decisions.get(post.prompt) ?? [];
    // A cancel of a request says nothing of another job of the same draft, which its user has sent again.
    const cancel = decisions.findLastIndex(
      ({ kind, requestId, holds }) => kind === "cancel" && requestId === undefined && holds(),
    );
    const decision = decisions[cancel];
    if (decision === undefined || decision.at >= post.startedAt) {
      return;
    }
    if (decisions.slice(cancel).some(({ kind }) => kind === "sendAgain")) {
      return;
    }
    const earlier = this.#world.service.posts.some(
      (other) => other !== post && other.prompt === post.prompt && other.startedAt >= decision.at,
    );
    if (!decision.allowsOne || earlier) {
      this.#world.violation("cancelledSent", `post ${post.number} of ${post.prompt} left after its user's cancel`);
    }
  }

  #taken(request: Request): void {
    const { service, scheduler, secrets } = this.#world;
    const earlier = [...service.requests.values()].findLast(
      (other) => other !== request && other.prompt === request.prompt,
    );
    if (earlier !== undefined) {
      const isKnown = this.#since(request.prompt, earlier.post.startedAt).some(({ isKnowing }) => isKnowing);
      const paid = [...service.requests.values()].filter((other) => other.prompt === request.prompt).length;
      if (!isKnown && this.#count(request.prompt, ({ isKnowing }) => isKnowing) < paid - 1) {
        this.#world.violation(
          "paidTwice",
          `${request.id} pays ${request.prompt} a second time after ${earlier.id}, and nobody was asked`,
        );
      }
    }
    // A token set a moment ago may still find the one before it on its way.
    const { storedSince = Number.POSITIVE_INFINITY } = secrets;
    if (request.token === foreignToken && scheduler.now - storedSince > 20_000) {
      this.#world.violation("account", `${request.id} of ${request.prompt} is paid by another account`);
    }
  }

  #cancelCame(request: Request): void {
    const decisions = this.#decisions.get(request.prompt) ?? [];
    const cancel = decisions.findLastIndex(({ kind }) => kind === "cancel");
    // Another request of the same job may have been adopted since, in a job of its own.
    const adopt = decisions.findLastIndex(
      ({ kind, requestId, holds }) => kind === "adopt" && requestId === request.id && holds(),
    );
    if (cancel < adopt) {
      this.#world.violation("cancelledSent", `${request.id} is cancelled, which nobody asked for since it was adopted`);
    }
  }

  /** An answer has come in: what it says must be in the journal before anything else happens. */
  #answered(post: Post, answer: PostAnswer, request: Request | undefined): void {
    const { scheduler, database } = this.#world;
    if (request === undefined || !answer.namesId) {
      return;
    }
    const { process } = post;
    scheduler.after(0, undefined, () => {
      if (process?.isAlive === false) {
        request.told = undefined;
      } else if (!this.#isKnown(request, readRows(this.#world.journal))) {
        if (database.isTroubled(process)) {
          process?.atEnd(() => {
            if (!this.#isKnown(request, readRows(this.#world.journal))) {
              request.told = undefined;
            }
          });
        } else {
          this.#world.violation(
            "lost",
            `${request.id} of ${request.prompt} was told and is not in the journal (${answer.name})`,
          );
        }
      }
    });
  }

  #isKnown(request: Request, rows: readonly Row[]): boolean {
    return (
      this.#removed.has(request.id) ||
      rows.some((row) => factsOf(row).requestId === request.id || row.progress.includes(`"${request.id}"`))
    );
  }

  /** Whether each paid request is in the journal, or stands there as one whose answer got lost, or was given up knowingly. */
  checkRequests(rows: readonly Row[]): void {
    for (const request of this.#world.service.requests.values()) {
      const { id, prompt, post, told } = request;
      if (this.#isKnown(request, rows)) {
        continue;
      }
      const decisions = this.#since(prompt, post.startedAt);
      // What was decided before the request was taken up by its id does not count any more.
      const taken = decisions.findLastIndex(({ requestId, holds }) => requestId === id && holds());
      const isGivenUp = decisions
        .slice(taken + 1)
        .some(
          ({ kind, isKnowing, requestId }) =>
            (kind === "sendAgain" && isKnowing) || (kind === "adopt" && requestId !== id) || kind === "remove",
        );
      const wasRemoved = decisions.slice(taken + 1).some(({ kind }) => kind === "remove");
      if (told === "accepted" || (told !== undefined && !wasRemoved)) {
        // Whatever its user decides knowingly: an id that was named stays in the list until it is taken out of it.
        this.#world.violation("lost", `${id} of ${prompt} was ${told}, told and forgotten`);
      } else if (!isGivenUp && !rows.some((row) => promptOf(row) === prompt && saysMayBePaid(row))) {
        const states = rows.filter((row) => promptOf(row) === prompt).map((row) => `${row.state} ${row.progress}`);
        this.#world.violation("lost", `${id} of ${prompt} is paid and nowhere: ${states.join("; ") || "no job"}`);
      }
    }
  }
}
