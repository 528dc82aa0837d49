/** Settings as they were typed become all settings of a load balancer, or an error that teaches. */
import { nearest } from '@faultline/control/plan';
import { ClusterSpecError, unknownValue } from '../spec-error.ts';
import type { Settings } from '../spec.ts';
import type { LoadBalancer, Setting } from './load-balancer.ts';

type Known = Readonly<Record<string, Setting>>;

/** With the default of each that was left out. */
export function filled(known: Known, given: Settings): Settings {
  return { ...Object.fromEntries(Object.entries(known).map(([name, setting]) => [name, setting.default])), ...given };
}

/**
 * All settings of a load balancer, checked.
 * @throws ClusterSpecError
 */
export function settle({ name, settings: known }: Pick<LoadBalancer, 'name' | 'settings'>, given: Settings): Settings {
  const read = Object.entries(given).map(([key, value]) => {
    const setting = Object.hasOwn(known, key) ? known[key] : undefined;
    if (!setting) throw unknownSetting(name, key, Object.keys(known));
    return [key, checked(key, value, setting)] as const;
  });
  return filled(known, Object.fromEntries(read));
}

function checked(key: string, value: Settings[string], setting: Setting): Settings[string] {
  const what = `settings.${key}`;
  if (setting.type === 'boolean') {
    // From a command line they come as words.
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    throw unknownValue('settings', String(value), ['true', 'false'], what);
  }
  if (!setting.of.includes(String(value))) throw unknownValue('settings', String(value), setting.of, what);
  return String(value);
}

function unknownSetting(loadBalancer: string, key: string, allowed: readonly string[]): ClusterSpecError {
  const near = nearest(key, allowed);
  const which = allowed.length > 0 ? `Allowed: ${allowed.join(', ')}` : 'It has none: leave settings out';
  return new ClusterSpecError(
    'settings',
    `settings: ${loadBalancer} has no setting "${key}".${near ? ` Did you mean ${near}?` : ''} ${which}`,
  );
}
