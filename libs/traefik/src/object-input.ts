/** An object of a live cluster as a text of its own, so that it is judged, and shown, as a file is. */
import { stringify } from 'yaml';
import { isRecord, type Input } from './documents.ts';

/** @param object as the cluster lists it; what the cluster keeps in it for itself is left out. */
export function objectInput(apiVersion: string, kind: string, object: object): Input {
  const { metadata, spec } = object as Record<string, unknown>;
  const { name, namespace, labels, annotations } = isRecord(metadata) ? metadata : {};
  const place = [namespace, name].filter((part) => typeof part === 'string').join('/');
  const kept = {
    apiVersion,
    kind,
    metadata: { name, ...(namespace !== undefined && { namespace }), ...withoutApplied({ labels, annotations }) },
    spec,
  };
  return { file: `cluster: ${kind} ${place}`, text: stringify(kept, { lineWidth: 0, aliasDuplicateObjects: false }) };
}

/** What kubectl applied last is the object once more. */
function withoutApplied({ labels, annotations }: { labels: unknown; annotations: unknown }): object {
  const rest = isRecord(annotations)
    ? Object.fromEntries(
        Object.entries(annotations).filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration'),
      )
    : {};
  return {
    ...(isRecord(labels) && { labels }),
    ...(Object.keys(rest).length > 0 && { annotations: rest }),
  };
}
