/** What a claim reads of a run that was kept: the words that every version of verdict.json has. */

export interface KeptCheck {
  readonly check: string;
  readonly outcome: string;
  readonly reason: string;
}

export interface KeptVerdict {
  readonly scenario: string;
  readonly cell: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly outcome: string;
  readonly reason: string;
  readonly headline: string;
  readonly checks: readonly KeptCheck[];
  /** Of newer ones. */
  readonly probes?: readonly { readonly probe: string }[];
  readonly milestones?: readonly { readonly what: string; readonly detail: string }[];
}

/** A verdict, and the folder in docs/evidence that it is in. */
export interface Kept {
  readonly folder: string;
  readonly verdict: KeptVerdict;
}

/** @throws Error where it is no verdict of a run at all. */
export function parseKept(text: string, file: string): KeptVerdict {
  const value = JSON.parse(text) as Partial<KeptVerdict>;
  if (value.scenario === undefined || !Array.isArray(value.checks)) {
    throw new Error(`${file}: no verdict of a run. Allowed: what faultline run wrote. Next: npm run evidence -- <run>`);
  }
  return value as KeptVerdict;
}

/** The one with this name. @throws Error naming those that there are */
export function checkOf({ checks }: KeptVerdict, name: string): KeptCheck {
  const found = checks.find(({ check }) => check === name);
  if (found) return found;
  throw new Error(`the verdict has no check "${name}", but ${checks.map(({ check }) => check).join(', ')}`);
}
