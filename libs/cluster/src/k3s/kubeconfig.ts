/** The kubeconfig of a cluster, as k3s writes it, but for where the server is: `kubectl` takes it as it is. */
import { writeFile } from 'node:fs/promises';
import { KubeConfig } from '@kubernetes/client-node';
import type { Credentials } from './https.ts';

/** Where k3s writes it, in a server. */
export const KUBECONFIG_IN_NODE = '/etc/rancher/k3s/k3s.yaml';

/** @throws Error when it has not exactly one server: then it is not what k3s wrote. */
export function withServer(kubeconfig: string, server: string): string {
  const lines = kubeconfig.match(/^\s*server: .*$/gm) ?? [];
  if (lines.length !== 1) throw new Error(`${KUBECONFIG_IN_NODE}: ${lines.length} servers in it, not 1`);
  return kubeconfig.replace(/^(\s*server: ).*$/m, (_, key: string) => key + server);
}

export async function writeKubeconfig(path: string, content: string): Promise<void> {
  // 0600 from the first byte: whoever reads it is the cluster's administrator.
  await writeFile(path, content, { mode: 0o600, flag: 'wx' });
}

export function loadKubeconfig(content: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(content);
  return config;
}

export function credentialsOf(config: KubeConfig): Credentials {
  const decoded = (data: string | undefined) => Buffer.from(data ?? '', 'base64').toString();
  const user = config.getCurrentUser();
  return {
    ca: decoded(config.getCurrentCluster()?.caData),
    cert: decoded(user?.certData),
    key: decoded(user?.keyData),
  };
}
