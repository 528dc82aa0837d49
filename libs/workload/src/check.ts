/** A workload that was wished for becomes one that can be, or an error that teaches. */
import type { WorkloadSpec } from './spec.ts';

export const REPLICAS = { least: 1, most: 60 } as const;

/** What was wished for cannot be: the message says what is allowed. */
export class WorkloadSpecError extends Error {
  override readonly name = 'WorkloadSpecError';
  readonly field: keyof WorkloadSpec;
  constructor(field: WorkloadSpecError['field'], message: string) {
    super(`${field}: ${message}`);
    this.field = field;
  }
}

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DNS_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
/** Registry, path, tag, digest: what the container engines take, and nothing that could be an option or a second word. */
const IMAGE = /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,254}$/;

/** @throws WorkloadSpecError */
export function checkWorkload(spec: WorkloadSpec): WorkloadSpec {
  const { app, replicas, host } = spec;
  if (!Number.isInteger(replicas) || replicas < REPLICAS.least || replicas > REPLICAS.most) {
    throw new WorkloadSpecError(
      'replicas',
      `${replicas}. Allowed: a whole number from ${REPLICAS.least} to ${REPLICAS.most}`,
    );
  }
  if (host.length > 253 || !DNS_NAME.test(host)) {
    throw new WorkloadSpecError(
      'host',
      `${JSON.stringify(host)}. Allowed: a DNS name in lower case, e.g. userlist.faultline.test`,
    );
  }
  if (!IMAGE.test(app)) {
    throw new WorkloadSpecError(
      'app',
      `${JSON.stringify(app)}. Allowed: the name of an image, e.g. faultline/userlist:1a2b3c`,
    );
  }
  return spec;
}

/** Whether the image is our userlist, which says who answered and knows /healthz. Of any other only the port is known. */
export function isOurs(app: string): boolean {
  return /^(?:docker\.io\/)?faultline\/userlist[:@]/.test(app);
}
