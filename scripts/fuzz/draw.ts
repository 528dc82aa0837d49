/** What is tried next: a scenario, a fault, or a command line, from a seed. Pure. */
import { FAULT_KINDS, type FaultKind, type FaultParameters, type FaultPlan } from '@faultline/fault/plan';
import { below, type Scenario } from '@faultline/scenario/plan';
import { changedText, mutated } from './mutate.ts';
import { chance, NASTY_TEXT, oneOf, type Random } from './nasty.ts';

export type Trial =
  | { readonly what: 'scenario'; readonly input: unknown; readonly seed: number }
  | { readonly what: 'fault'; readonly input: unknown }
  | { readonly what: 'command'; readonly words: readonly string[] };

/** What valid inputs are made from. */
export interface Seeds {
  readonly scenarios: readonly Scenario[];
  /** Of each command: its name, and its options with whether they take a value. */
  readonly commands: readonly { readonly name: string; readonly options: readonly (readonly [string, boolean])[] }[];
}

export function drawTrial(random: Random, seeds: Seeds): Trial {
  const which = below(random, 10);
  if (which < 4) {
    const input = oneOf(random, seeds.scenarios);
    return {
      what: 'scenario',
      input: chance(random, 0.95) ? mutated(input, random) : input,
      seed: below(random, 2 ** 32),
    };
  }
  if (which < 6) return { what: 'fault', input: mutated(validFault(random), random) };
  return { what: 'command', words: commandLine(random, seeds) };
}

function validFault(random: Random): FaultPlan {
  const kind = oneOf(random, FAULT_KINDS);
  const timing = { afterMs: below(random, 10_000), lastingMs: 1 + below(random, 60_000) };
  return {
    id: 'fault-0',
    kind: kind.name,
    parameters: parametersOf(kind, random),
    target: { select: 'announcer' },
    ...timing,
  };
}

/** Values within the bounds of each parameter, as far as they are bounds and no grammar. */
export function parametersOf(kind: FaultKind, random: Random): FaultParameters {
  return Object.fromEntries(
    Object.entries(kind.parameters).flatMap(([name, parameter]): (readonly [string, FaultParameters[string]])[] => {
      if (parameter.default !== undefined && chance(random, 0.5)) return [];
      if ('of' in parameter) return [[name, oneOf(random, parameter.of)]];
      if ('min' in parameter) return [[name, parameter.min + below(random, parameter.max - parameter.min + 1)]];
      if (parameter.type === 'boolean') return [[name, chance(random, 0.5)]];
      return [[name, 'word']];
    }),
  );
}

/** No `latest`, and no folder that there is: a valid line must not judge, render or start anything. */
function commandLine(random: Random, { commands, scenarios }: Seeds): readonly string[] {
  const { name, options } = oneOf(random, commands);
  const words = [name];
  const known = [...scenarios.map((scenario) => scenario.name), ...FAULT_KINDS.map((kind) => kind.name)];
  const value = (): string => oneOf(random, chance(random, 0.5) ? VALUES : NASTY_TEXT);
  if (chance(random, 0.8)) words.push(chance(random, 0.7) ? oneOf(random, known) : value());
  for (let count = below(random, 5); count > 0 && options.length > 0; count--) {
    const [flag, takesValue] = oneOf(random, options);
    words.push(chance(random, 0.9) ? flag : changedText(flag, random));
    if (takesValue ? chance(random, 0.9) : chance(random, 0.05)) words.push(value());
  }
  if (chance(random, 0.15)) words.splice(below(random, words.length + 1), 0, value());
  // The empty word is a folder as well: this one.
  const isAboutFolders = /^(check|report|compare)/.test(name);
  return words.filter((word) => !/^(latest|--open|runs\b.*)$/.test(word) && !(isAboutFolders && word === ''));
}

const VALUES = (
  'bare k3s auto vxlan host-gw none keepalived metallb-l2 servicelb kube-vip-arp Local v1.33.3+k3s1 v1.32.1+k3s1 ' +
  'timing=5/3/1 protocol=udp port=8472 a=b=c = x= 30s 250ms 2m 7 0 4294967295 4294967296 never always agent-1 announcer ' +
  '198.18.7.0/24 faultline/userlist:x'
).split(' ');
