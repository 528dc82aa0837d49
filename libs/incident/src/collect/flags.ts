/** What k3s was told on a node, as far as it is known to be harmless. Pure. */
import { REDACTED } from './keep.ts';

/**
 * Flags that decide how the network is. Of the others even the name is enough to say that they were there: tokens, datastores with
 * their passwords, S3 keys (k3s masks some of them in the annotation, and older releases fewer).
 */
const KNOWN = [
  'cluster-cidr',
  'cluster-dns',
  'cluster-domain',
  'cluster-init',
  'disable',
  'disable-cloud-controller',
  'disable-helm-controller',
  'disable-kube-proxy',
  'disable-network-policy',
  'disable-scheduler',
  'egress-selector-mode',
  'embedded-registry',
  'flannel-backend',
  'flannel-external-ip',
  'flannel-iface',
  'flannel-ipv6-masq',
  'prefer-bundled-bin',
  'protect-kernel-defaults',
  'secrets-encryption',
  'selinux',
  'service-cidr',
  'service-node-port-range',
  'servicelb-namespace',
  'snapshotter',
];
/** Arguments of the components: the same question once more, by their own names. */
const COMPONENTS = ['kube-proxy-arg', 'kube-controller-manager-arg', 'kube-apiserver-arg', 'kubelet-arg'];
const ARGUMENTS = new RegExp(
  `^(?:${[
    'proxy-mode',
    'ipvs-[a-z-]+',
    'conntrack-[a-z-]+',
    'cluster-cidr',
    'max-pods',
    'node-monitor-(?:grace-)?period',
    'node-status-update-frequency',
    'default-(?:not-ready|unreachable)-toleration-seconds',
  ].join('|')})=[A-Za-z0-9.:/-]{1,60}$`,
);
const VALUE = /^[A-Za-z0-9.,:/_-]{1,100}$/;

export interface Told {
  /** `--flannel-backend=host-gw`; of those that are not known, none. */
  readonly flags: readonly string[];
  /** Names of those that were left out: `--token`. */
  readonly left: readonly string[];
}

/** @param annotation `k3s.io/node-args`: a JSON list of words, as they stood on the command line and in the configuration. */
export function flagsOf(annotation: unknown): Told {
  const flags: string[] = [];
  const left: string[] = [];
  for (const { name, value } of pairs(wordsOf(annotation))) {
    const isKnown = KNOWN.includes(name) && (value === undefined || VALUE.test(value));
    const isArgument = COMPONENTS.includes(name) && value !== undefined && ARGUMENTS.test(value);
    if (isKnown || isArgument) flags.push(value === undefined ? `--${name}` : `--${name}=${value}`);
    else left.push(/^[a-z0-9-]{1,60}$/.test(name) ? `--${name}` : REDACTED);
  }
  return { flags, left: [...new Set(left)] };
}

/** Both `--name=value` and `--name value`; the first word says whether it is a server or an agent. */
function pairs(words: readonly string[]): readonly { name: string; value: string | undefined }[] {
  return words.flatMap((word, index) => {
    if (!word.startsWith('-')) return [];
    const [name = '', value] = word.replace(/^-+/, '').split(/=(.*)/s, 2);
    const next = words[index + 1];
    return [{ name, value: value ?? (next === undefined || next.startsWith('-') ? undefined : next) }];
  });
}

function wordsOf(annotation: unknown): readonly string[] {
  try {
    const words: unknown = JSON.parse(typeof annotation === 'string' ? annotation : '[]');
    return Array.isArray(words) ? words.filter((word): word is string => typeof word === 'string') : [];
  } catch {
    return [];
  }
}
