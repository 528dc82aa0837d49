/** The words of the `faultline` command: its commands and their options, each wired to one file of ./command. */
import { Command } from 'commander';

/** Commands load their own libs when they run: `list` and `--help` answer in milliseconds. */
export const program: Command = new Command('faultline')
  .description('What do clients see when this part of my k3s network breaks, and for how long?')
  .showHelpAfterError('(faultline --help lists the commands)')
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();

/** Aborted when the user interrupts: every command is given its signal. */
export const root: AbortController = new AbortController();

type Action = (
  positional: readonly string[],
  options: Record<string, string | boolean | readonly string[] | undefined>,
  signal: AbortSignal,
) => Promise<number>;

/** Wires a command to its file; every command takes `--json`. */
function command(
  usage: string,
  description: string,
  load: () => Promise<{ execute: Action }>,
  parent: Command = program,
): Command {
  return parent
    .command(usage)
    .description(description)
    .option('--json', 'print one JSON object instead of text')
    .action(async (...given: unknown[]) => {
      const self = given.at(-1) as Command;
      const { execute } = await load();
      process.exitCode = await execute(self.args, self.opts(), root.signal);
    });
}

const clusterOptions = (one: Command): Command =>
  one
    .option('--substrate <name>', 'k3s, bare, or auto: k3s where its images are at hand', 'auto')
    .option('--k3s <release>', 'k3s release, e.g. v1.33.3+k3s1')
    .option(
      '--backend <name>',
      'Flannel backend: vxlan, vxlan-direct-routing, host-gw, wireguard-native; none with --cni',
    )
    .option('--cni <manifest>', 'a CNI of your own instead of Flannel, from a file, e.g. calico.yaml')
    .option('--lb <name>', 'load balancer: servicelb, metallb-l2, kube-vip-arp, keepalived')
    .option('--lb-set <key=value...>', 'settings of the load balancer, e.g. timing=5/3/1')
    .option(
      '--controller <layout>',
      'of the Ingress controller: default, on-servers, daemonset, two-replicas, fast-eviction',
    )
    .option('--traffic-policy <policy>', "of the Ingress controller's Service: Cluster, Local")
    .option('--app <image>', 'image of the app, any that answers like userlist on port 8181')
    .option('--subnet <cidr>', 'a free /24 of 198.18.0.0/15; picked unless told');

const seedOption = (one: Command): Command =>
  one.option('--seed <n>', 'seed of the plan, 0 to 4294967295; random unless told');

command('doctor', 'what this host can do, and what a dead run left behind', () => import('./command/doctor.ts')).option(
  '--heal',
  'undo the faults of dead runs and remove what they left',
);
command(
  'list [name]',
  'the scenarios; of one of them or a topic, its cells (no Docker needed)',
  () => import('./command/list.ts'),
);
command(
  'faults [name]',
  'what can be broken, within which bounds, and whether this host can do it',
  () => import('./command/faults.ts'),
).option('--no-host', 'do not ask the host (no Docker needed)');
seedOption(
  clusterOptions(
    command(
      'plan <scenario>',
      'the concrete plan of a scenario, as JSON (no Docker needed)',
      () => import('./command/plan.ts'),
    ),
  ),
);
seedOption(
  clusterOptions(
    command('run <scenario>', 'run a scenario: boot, break, measure, judge, report', () => import('./command/run.ts')),
  ),
)
  .option('--keep <when>', 'leave the cluster running: never, failure, always', 'never')
  .option('--repeat <n>', 'that many times on one cluster, with a verified reset between, 1 to 300', '1')
  .option('--capture', "keep a capture of the client's packets with the address: edge.pcap")
  .option('--open', 'open the report in a browser, where there is one');
clusterOptions(command('up', 'boot a cluster with userlist, and keep it', () => import('./command/up.ts')))
  .option('--servers <n>', '1 to 7', '1')
  .option('--agents <n>', '0 to 20', '2')
  .option('--replicas <n>', 'of userlist, 1 to 60', '3');
command('ls', 'the clusters that are kept', () => import('./command/ls.ts'));
command(
  'shell [cluster]',
  'a shell with KUBECONFIG set, or in the client container on bare',
  () => import('./command/shell.ts'),
).option('--node <name>', 'a shell in the side-car of this node');
command('down [cluster]', 'tear a kept cluster down', () => import('./command/down.ts')).option('--all', 'all of them');
command(
  'inject <fault>',
  'inject a fault by hand into a kept cluster; Ctrl-C heals',
  () => import('./command/inject.ts'),
)
  .requiredOption('--on <target>', 'a node, e.g. agent-1, or announcer')
  .option('--cluster <name>', 'which cluster, where more than one is kept')
  .option('--for <duration>', 'healed after this: 250ms, 30s, 2m', '30s')
  .option('--set <key=value...>', 'parameters of the fault, e.g. --set protocol=udp port=8472');
command(
  'check <run>',
  "judge an old run again with today's checks (no cluster needed)",
  () => import('./command/check.ts'),
);
command('report <run>', 'render the reports of a run again', () => import('./command/report.ts')).option(
  '--open',
  'open it in a browser',
);
command(
  'compare <folders...>',
  'sets side by side, and whether they differ; of single runs, the two clocks (no cluster needed)',
  () => import('./command/compare.ts'),
).option('--out <folder>', 'where the page is written; runs/compare/<time> unless told');
command(
  'compare-faults <folders...>',
  'what clients saw of each fault with each backend, one table of all runs in the folders (no cluster needed)',
  () => import('./command/compare-faults.ts'),
)
  .option('--substrate <name>', 'only runs on k3s, or on bare')
  .option('--out <folder>', 'where the table is written; runs/compare-faults/<time> unless told');
clusterOptions(
  seedOption(
    command(
      'compare-lb',
      'the same test for every load balancer, and one table of them',
      () => import('./command/compare-lb.ts'),
    ),
  ),
)
  .option('--scenario <name>', 'what is done to each', 'kill-the-announcing-node')
  .option('--repeat <n>', 'how often for each, 2 to 300', '10')
  .option('--only <label...>', 'some of the rows, e.g. metallb-l2 "kube-vip-arp 5/3/1"');
seedOption(
  command(
    'compare-backends',
    'latency and throughput of every path, with every Flannel backend, side by side',
    () => import('./command/compare-backends.ts'),
  ),
)
  .option('--backends <names>', 'two or more; the first is what the others are held against', 'vxlan,host-gw')
  .option('--repeat <n>', 'how often each, in turns, 1 to 100', '10')
  .option('--substrate <name>', 'k3s, bare, or auto: k3s where its images are at hand', 'auto')
  .option('--k3s <release>', 'k3s release, e.g. v1.33.3+k3s1')
  .option('--lb <name>', 'whose address clients use; metallb-l2 on k3s and keepalived on bare unless told')
  .option('--lb-set <key=value...>', 'settings of the load balancer, e.g. timing=5/3/1')
  .option('--app <image>', 'image of the app, any that answers like userlist on port 8181')
  .option('--again <folder>', 'compare again what is in the folder of a comparison; nothing is measured');
command(
  'calibrate',
  "measure the instrument's own error against outages of known length",
  () => import('./command/calibrate.ts'),
)
  .option('--outages <n>', '1 to 200', '30')
  .option('--hogs <n>', 'processes that burn CPU meanwhile, 0 to 16', '0')
  .option('--seed <n>', 'random unless told');
command(
  'lint [paths...]',
  "what an upgrade of k3s' Traefik breaks in manifests: files, folders, - for standard input (no Docker needed)",
  () => import('./command/lint.ts'),
)
  .option('--from <release>', 'the k3s release of today, e.g. v1.32.1+k3s1; of a live cluster its own unless told')
  .option('--to <release>', 'the k3s release of tomorrow, e.g. v1.33.3+k3s1')
  .option('--from-cluster', 'read a live cluster instead of files; nothing is written, and no Secret is read')
  .option('--kubeconfig <file>', 'of that cluster; where kubectl would look unless told')
  .option('--fix', 'write what can be mended without a decision; of standard input, to standard output')
  .option('--strict', 'exit code 1 at any finding, not only where something breaks')
  .option('--format <name>', 'text, json, sarif, junit', 'text');
command(
  'claims [ids...]',
  'what is said about k3s networking, and what is so; of some: A22, A56.., A86..A93',
  () => import('./command/claims.ts'),
)
  .option('--list', 'print them, as without --run')
  .option('--run', 'ask them again, keep what was seen in docs/evidence/claims and write docs/claims.md')
  .option('--group <name>', 'pure (no cluster), quick, all', 'all')
  .option('--set-up <name>', 'only what is asked in this set-up, e.g. default')
  .option('--lab <nodes>', 'the lab on traffic flow with the userlist app instead, step by step, on 1 or 3 nodes')
  .option('--k3s <release>', 'k3s release, e.g. v1.33.3+k3s1');
seedOption(
  command(
    'shrink [what]',
    'reduce what fails, a scenario, a run or a bundle, to the smallest that still fails in the same way',
    () => import('./command/shrink.ts'),
  ),
)
  .option('--substrate <name>', 'of a scenario: k3s, bare, or auto: the first that it can be asked on', 'auto')
  .option('--k3s <release>', 'of a scenario: k3s release, e.g. v1.33.3+k3s1')
  .option('--backend <name>', 'of a scenario: Flannel backend')
  .option('--lb <name>', 'of a scenario: load balancer')
  .option('--lb-set <key=value...>', 'of a scenario: settings of the load balancer, e.g. timing=5/3/1')
  .option('--controller <layout>', 'of a scenario: layout of the Ingress controller')
  .option('--traffic-policy <policy>', "of a scenario: of the Ingress controller's Service: Cluster, Local")
  .option('--budget <duration>', 'no probe is begun that may take longer, e.g. 30m', '30m')
  .option('--out <folder>', 'where every probe, and the best so far, is kept; runs/shrink/<name>/<time> unless told')
  .option('--resume <folder>', 'go on with one that was killed, or had no more time');
command(
  'incidents [names...]',
  'the track record: incidents that people had, and how often each was reproduced',
  () => import('./command/incidents.ts'),
)
  .option('--run', 'ask each and its control again, keep what was seen, and write docs/track-record.md')
  .option('--count <n>', 'that many times, 1 to 20', '1')
  .option('--no-keep', 'with --run: keep nothing, and leave the page as it is')
  .option(
    '--from <folders...>',
    'count runs that were made already, wherever they lie in these folders, and kept claims (no Docker needed)',
  );
seedOption(
  command(
    'upgrade',
    'upgrade k3s under traffic: what is lost meanwhile, and what Traefik does otherwise afterwards',
    () => import('./command/upgrade.ts'),
  ),
)
  .option('--from <release>', 'the k3s release of today, e.g. v1.32.1+k3s1')
  .option('--to <release>', 'the k3s release of tomorrow, e.g. v1.33.3+k3s1')
  .option('--manifests <path>', 'your own manifests: a file or a folder')
  .option('--from-cluster [kubeconfig]', 'the routing objects of a live cluster, which is only read')
  .option(
    '--cases <list>',
    'seven: the assertions of a migration; corpus: these and the rows of lint; none: your own manifests alone',
    'seven',
  )
  .option('--servers <n>', '1 to 7', '1')
  .option('--agents <n>', '0 to 20', '2')
  .option('--backend <name>', 'Flannel backend', 'vxlan')
  .option('--lb <name>', 'load balancer: servicelb, metallb-l2, kube-vip-arp, keepalived', 'servicelb')
  .option('--controller <layout>', 'of Traefik: default, two-replicas, daemonset, on-servers, fast-eviction', 'default')
  .option('--subnet <cidr>', 'a free /24 of 198.18.0.0/15; picked unless told')
  .option('--no-preload', 'nodes get the images of the new release only when they are upgraded, as without a registry')
  .option('--rollback', 'and back again afterwards')
  .option('--skew', 'upgrade one of several servers only')
  .option('--repeat <n>', 'that many times, each on a fresh cluster, 1 to 20', '1')
  .option('--keep <when>', 'leave the cluster running: never, always', 'never');

command(
  'capture',
  'a cluster as a bundle that anybody can replay: only read, without its secrets (no Docker needed)',
  () => import('./command/capture.ts'),
)
  .option('--kubeconfig <file>', 'of a live cluster; where kubectl would look unless told')
  .option('--context <name>', 'of that kubeconfig; the current one unless told')
  .option('--support <path>', 'of a cluster that is dead: dumps by kubectl get -o yaml, a file, folder or tar')
  .option('--namespace <name...>', 'only what is in these; all unless told')
  .option('--fault <scenario>', 'what its replay does to it, as a scenario says it, e.g. kill-the-announcing-node')
  .option('--out <file>', 'where it is written', 'bundle.tgz');
seedOption(
  command(
    'replay <bundle>',
    'run again what was captured, or what failed, and hold it against what was seen then',
    () => import('./command/replay.ts'),
  ),
)
  .option('--fault <scenario>', 'do this to it instead, as a scenario says it')
  .option('--subnet <cidr>', 'a free /24 of 198.18.0.0/15; picked unless told')
  .option('--keep <when>', 'leave the cluster running: never, always', 'never')
  .option('--open', 'open the report in a browser, where there is one');

const matrix = program
  .command('matrix')
  .description('many cells in one night: covering arrays, shards, budgets, merging');
const nightOptions = (one: Command): Command =>
  seedOption(one)
    .option('--pairwise', 'every pair of values of any two factors is in some row: --strength 2')
    .option('--strength <t>', '2: pairs, 3: triples', '2')
    .option('--scenario <name...>', 'of these scenarios or topics alone')
    .option('--substrate <name>', 'only k3s, or only bare; any unless told', 'any')
    .option('--k3s <release...>', 'of these releases alone')
    .option('--lacking <capability...>', 'what the machines lack: rows that need it are skips')
    .option('--durations <folder...>', 'earlier nights, whose times balance the shards')
    .option('--plan <file>', 'a plan that was made before, as matrix plan --json prints it')
    .option('--budget <duration>', 'of each machine, e.g. 90m; rows for which there is no time are named');
nightOptions(
  command(
    'plan',
    'the rows of a night, and on which machine each is run (no Docker needed)',
    () => import('./command/matrix-plan.ts'),
    matrix,
  ),
)
  .option('--shards <n>', 'on so many machines, 1 to 64', '1')
  .option('--format <name>', 'text, json, github, gitlab', 'text');
nightOptions(command('run', 'run a night, or a shard of it', () => import('./command/matrix-run.ts'), matrix))
  .option('--shard <i/n>', 'the part of one of n machines, e.g. 2/4; all of it unless told')
  .option('--out <folder>', 'of the night; runs/matrix/<time> unless told')
  .option('--resume <folder>', 'go on with a night that was killed, or had no more time')
  .option('--require <capability...>', 'a row that is skipped for want of it is a failure');
command(
  'merge <folders...>',
  'the shards of one night become one night (no Docker needed)',
  () => import('./command/matrix-merge.ts'),
  matrix,
)
  .option('--out <folder>', 'of the whole night; runs/matrix/<time> unless told')
  .option('--require <capability...>', 'a row that was skipped for want of it is a failure');
command(
  'report <history>',
  'the page of a night, held against the nights before it: what is new, what got slower (no Docker needed)',
  () => import('./command/matrix-report.ts'),
  matrix,
)
  .option('--add <folder>', 'of a night, from run or merge: it is handed in to the history first')
  .option('--night <name>', 'which night it is, e.g. 2026-11-21; of --add the day it began, else the last one')
  .option('--shard <i/n>', 'the part that --add holds, where each machine hands in its own', '1/1')
  .option('--quarantine <file>', 'failures that are known; quarantine.json of the history unless told')
  .option('--nights <n>', 'how many nights are shown, 1 to 365', '30')
  .option('--out <folder>', 'where it is written; runs/matrix/report-<night> unless told');
matrix.addCommand(
  command('group <file>', 'one group of a night', () => import('./command/matrix-group.ts'), new Command('hidden')),
  { hidden: true },
);
