/** What is dropped on a node, until the question is over. */
import type { Rig } from '../rig.ts';

/** A table of our own, which drops what comes in to this port, or these (`2379-2380`), from elsewhere. */
export async function dropIncoming(rig: Rig, node: string, port: string): Promise<void> {
  const at = { at: rig.node(node).side };
  const name = `inet claims_${port.replace('-', '_')}`;
  // To name it makes it where it is missing: so it can be deleted whether it is there or not.
  rig.defer(() => rig.exec(at, ['nft', '-f', '-'], `table ${name}\ndelete table ${name}\n`));
  const hook = 'type filter hook prerouting priority -300; policy accept;';
  const chain = `chain guard {\n ${hook}\n iifname != "lo" tcp dport ${port} drop\n }`;
  await rig.exec(at, ['nft', '-f', '-'], `table ${name} {\n ${chain}\n}\n`);
}

/** As firewalld does it: a table of its own, which drops what no rule lets in, whatever other tables accept. */
export async function guard(rig: Rig, node: string, networks: readonly string[]): Promise<void> {
  const at = { at: rig.node(node).side };
  const name = 'inet claims_a73';
  // To name it makes it where it is missing: so it can be deleted whether it is there or not.
  rig.defer(() => rig.exec(at, ['nft', '-f', '-'], `table ${name}\ndelete table ${name}\n`));
  const common = [
    'ct state established,related accept',
    'iifname "lo" accept',
    ...networks.map((network) => `ip saddr ${network} accept`),
  ];
  const input = [
    ...common,
    'meta l4proto icmp accept',
    ...['6443', '10250', '2379-2380'].map((port) => `tcp dport ${port} accept`),
    'udp dport 8472 accept',
  ];
  // What was sent on by DNAT is let through: so do firewalld's own rules.
  const forward = [...common, 'ct status dnat accept'];
  const chain = (hook: string, rules: readonly string[]) =>
    ` chain ${hook} {\n  type filter hook ${hook} priority 10; policy drop;\n  ${rules.join('\n  ')}\n }\n`;
  await rig.exec(at, ['nft', '-f', '-'], `table ${name} {\n${chain('input', input)}${chain('forward', forward)}}\n`);
}
