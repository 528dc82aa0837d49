/**
 * The smallest program there is: it exits with code 0.
 *
 * Whether an engine can run a privileged container is only known by running one, and an engine that was installed a
 * moment ago has no image, and maybe no registry to pull one from. So the program is made here, byte by byte.
 */
import { Buffer } from 'node:buffer';

/** For each architecture, by the engine's name for it: its number in ELF, and the code of exit(0). */
const machines = {
  x86_64: { number: 62, code: 'b83c00000031ff0f05' }, // mov eax,60; xor edi,edi; syscall
  aarch64: { number: 183, code: 'a80b8052000080d2010000d4' }, // mov w8,93; mov x0,0; svc 0
} as const;

export type Architecture = keyof typeof machines;

export const architectures = Object.keys(machines) as readonly Architecture[];

export const isArchitecture = (name: string): name is Architecture => name in machines;

const base = 0x400000n;
const headersEnd = 120;

/** A static ELF executable: one header, one segment, the code. */
export function nothing(architecture: Architecture): Buffer {
  const { number, code } = machines[architecture];
  const elf = Buffer.concat([Buffer.alloc(headersEnd), Buffer.from(code, 'hex')]);
  elf.write('\x7fELF\x02\x01\x01', 'latin1'); // 64 bits, little-endian, version 1
  elf.writeUInt16LE(2, 16); // an executable
  elf.writeUInt16LE(number, 18);
  elf.writeUInt32LE(1, 20);
  elf.writeBigUInt64LE(base + BigInt(headersEnd), 24); // where to begin
  elf.writeBigUInt64LE(64n, 32); // where the segment's header is
  elf.writeUInt16LE(64, 52);
  elf.writeUInt16LE(56, 54);
  elf.writeUInt16LE(1, 56);
  elf.writeUInt32LE(1, 64); // the segment: load it,
  elf.writeUInt32LE(5, 68); // to read and execute,
  elf.writeBigUInt64LE(base, 80); // at this address,
  elf.writeBigUInt64LE(base, 88);
  elf.writeBigUInt64LE(BigInt(elf.length), 96); // all of the file
  elf.writeBigUInt64LE(BigInt(elf.length), 104);
  elf.writeBigUInt64LE(0x10000n, 112); // aligned for the largest page that Linux uses
  return elf;
}
