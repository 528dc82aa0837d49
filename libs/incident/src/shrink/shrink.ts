/** Reduces a case that fails to the smallest that was found to fail in the same way. Pure but for the question that it is given. */
import { keyOf, refusalOf, sizeOf, type Circumstances, type ShrinkCase } from './case.ts';
import type { Answer } from './ddmin.ts';
import { REDUCTIONS } from './reduction.ts';

/** What a probe came to, in one line; of one that was refused or known, why. */
export interface Probed {
  readonly answer: Answer;
  readonly why: string;
}

/** One question, as it is kept: with these a shrink that was cut off goes on where it was. */
export interface Probe extends Probed {
  readonly key: string;
  /** Counted from 1; 0: nothing was run for it. */
  readonly number: number;
  readonly what: string;
  readonly size: string;
}

export interface ShrinkOptions extends Circumstances {
  /** Runs a case and says whether it fails as the whole one did. */
  readonly probe: (candidate: ShrinkCase) => Promise<Probed>;
  /** What was answered before, by `keyOf`. */
  readonly known?: ReadonlyMap<string, Probed>;
  /** Told of every answer that was not known, and of the best so far, before the next question. */
  readonly tell?: (probe: Probe, best: ShrinkCase) => Promise<void>;
  /** Whether there is time for another probe; always unless told. */
  readonly hasTime?: () => boolean;
}

export interface Shrunk {
  readonly smallest: ShrinkCase;
  /** Probes that were run. */
  readonly probes: number;
  /** Nothing that could still be taken away fails without it; false: there was no time to find out. */
  readonly isMinimal: boolean;
}

class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/**
 * @param whole is known to fail: that is the caller's to find out.
 * @returns the best so far, also where the time is over.
 */
export async function shrink(whole: ShrinkCase, options: ShrinkOptions): Promise<Shrunk> {
  const search = new Search(whole, options);
  const isMinimal = await search.run().then(
    () => true,
    (error: unknown) => {
      if (error instanceof OutOfTime) return false;
      throw error;
    },
  );
  return { smallest: search.best, probes: search.probes, isMinimal };
}

class Search {
  best: ShrinkCase;
  probes = 0;
  readonly #options: ShrinkOptions;
  readonly #known: Map<string, Probed>;

  constructor(whole: ShrinkCase, options: ShrinkOptions) {
    this.best = whole;
    this.#options = options;
    this.#known = new Map(options.known);
  }

  /** Again and again, until a whole round takes nothing away: what one dimension freed, another may give back. */
  async run(): Promise<void> {
    for (let before = ''; before !== keyOf(this.best);) {
      before = keyOf(this.best);
      for (const { what, reduce } of REDUCTIONS) {
        this.best = await reduce(this.best, (candidate) => this.#ask(what, candidate));
      }
    }
  }

  async #ask(what: string, candidate: ShrinkCase): Promise<Answer> {
    const key = keyOf(candidate);
    const known = this.#known.get(key);
    if (known) return this.#noted(candidate, known.answer);
    const { number, ...probed } = await this.#answerTo(candidate);
    this.#known.set(key, probed);
    this.#noted(candidate, probed.answer);
    await this.#options.tell?.({ key, ...probed, number, what, size: sizeOf(candidate) }, this.best);
    return probed.answer;
  }

  /** Whatever is asked is smaller than the best so far. */
  #noted(candidate: ShrinkCase, answer: Answer): Answer {
    if (answer === 'fails') this.best = candidate;
    return answer;
  }

  async #answerTo(candidate: ShrinkCase): Promise<Probed & Pick<Probe, 'number'>> {
    const refusal = refusalOf(candidate, this.#options);
    if (refusal !== undefined)
      return { answer: 'unresolved', why: `not run: ${refusal.split('\n').join(' ')}`, number: 0 };
    const { hasTime = () => true, probe } = this.#options;
    if (!hasTime()) throw new OutOfTime('the budget is over');
    this.probes++;
    return { ...(await probe(candidate)), number: this.probes };
  }
}
