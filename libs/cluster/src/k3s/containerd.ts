/**
 * containerd on hosts without CAP_SYS_RESOURCE (nested and micro-VM hosts), where no process can lower its
 * `oom_score_adj`: pods start only if containerd does not try (`restrict_oom_score_adj`).
 *
 * Whether the capability is missing is asked in the node, at each start: that is where it counts, whatever machine the
 * engine is on.
 */
import type { FileToCopy } from '@faultline/control';
import type { K3sRelease } from '../image/catalogue.ts';

const FOLDER = '/etc/rancher/faultline';
const CONTAINERD = '/var/lib/rancher/k3s/agent/etc/containerd';
const RESTRICTION = `${FOLDER}/restrict.toml`;

/** The bit of CAP_SYS_RESOURCE in a capability set. */
const SYS_RESOURCE = 24;

/** Where k3s looks for the template, by its name. */
export const containerdTemplate = (containerd: K3sRelease['containerd']): string =>
  `${CONTAINERD}/${templateOf(containerd)}`;

const templateOf = (containerd: K3sRelease['containerd']): string =>
  containerd === '2' ? 'config-v3.toml.tmpl' : 'config.toml.tmpl';

/** Files for a node, made use of only where the capability is missing. */
export function containerdFiles(containerd: K3sRelease['containerd']): readonly FileToCopy[] {
  const template = { path: `${FOLDER}/${templateOf(containerd)}`, content: containerd === '2' ? version3 : version2 };
  return [template, { path: RESTRICTION, content: restriction }];
}

/** A command that prepares the node, and becomes the given one. */
export function whereRestricted(containerd: K3sRelease['containerd'], argv: readonly string[]): readonly string[] {
  const script = [
    "bounds=$(sed -n 's/^CapBnd:[[:space:]]*//p' /proc/self/status)",
    `if [ $((0x$bounds >> ${SYS_RESOURCE} & 1)) -eq 0 ]; then`,
    `  mkdir -p ${CONTAINERD} && cp ${FOLDER}/${templateOf(containerd)} ${CONTAINERD}/ || exit 1`,
    'fi',
    'exec "$@"',
  ].join('\n');
  return ['sh', '-c', script, 'sh', ...argv];
}

/** containerd 2 merges an imported file key by key. `imports` is of the top level, and so stands before any table of the base. */
const version3 = `imports = ["${RESTRICTION}"]
{{ template "base" . }}
`;

const restriction = `version = 3
[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true
`;

/** containerd 1.7 replaces the whole table that an import names, so the key stands in a complete configuration for k3s. */
const version2 = `version = 2

[plugins."io.containerd.internal.v1.opt"]
  path = "{{ .NodeConfig.Containerd.Opt }}"

[plugins."io.containerd.grpc.v1.cri"]
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "10010"
  enable_selinux = {{ .NodeConfig.SELinux }}
  enable_unprivileged_ports = {{ .EnableUnprivileged }}
  enable_unprivileged_icmp = {{ .EnableUnprivileged }}
  sandbox_image = "{{ .NodeConfig.AgentConfig.PauseImage }}"

[plugins."io.containerd.grpc.v1.cri".containerd]
  snapshotter = "{{ .NodeConfig.AgentConfig.Snapshotter }}"
  disable_snapshot_annotations = true

[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "{{ .NodeConfig.AgentConfig.CNIBinDir }}"
  conf_dir = "{{ .NodeConfig.AgentConfig.CNIConfDir }}"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = {{ .SystemdCgroup }}

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "{{ .NodeConfig.Containerd.Registry }}"
`;
