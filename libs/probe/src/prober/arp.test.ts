import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { isGratuitous, parseArp, whoHas } from './arp-packet.ts';
import { pcapReader } from './pcap.ts';
import { wallClock } from './wall.ts';

/** Recorded by tcpdump 4.99.3: a who-has and its answer; then a gratuitous request and a gratuitous reply, by arping 2.23. */
const RECORDED = Buffer.from(
  'TTyyoQIABAAAAAAAAAAAAAAABAABAAAAwYwBa3mgQQIqAAAAKgAAAP///////wJCxhL6ZAgGAAEIAAYEAAECQsYS+mTGEvpkAAAAAAAAxhL6CsGMAWu+i0ICKgAA' +
    'ACoAAAACQsYS+mQCQsYS+goIBgABCAAGBAACAkLGEvoKxhL6CgJCxhL6ZMYS+mTBjAFr8rkwBToAAAA6AAAA////////AkLGEvpkCAYAAQgABgQAAQJCxhL6ZMYS' +
    '+mT////////GEvpkAAAAAAAAAAAAAAAAAAAAAMGMAWvC9WAoOgAAADoAAAD///////8CQsYS+mQIBgABCAAGBAACAkLGEvpkxhL6ZP///////8YS+mQAAAAAAAAA' +
    'AAAAAAAAAAAA',
  'base64',
);
const CLIENT = { senderMac: '02:42:c6:12:fa:64', senderAddress: '198.18.250.100' };

describe('a capture', () => {
  test('gives each packet with its stamp', () => {
    const packets = pcapReader()(RECORDED);
    expect(packets.map(({ wall }) => Math.floor(wall / 1e3))).toEqual([
      1_795_263_681_037_855, 1_795_263_681_037_915, 1_795_263_681_087_079, 1_795_263_681_677_443,
    ]);
  });

  test('says who asked, who answered, and what was gratuitous', () => {
    const packets = pcapReader()(RECORDED).map(({ frame }) => parseArp(frame));
    expect(packets).toEqual([
      { ...CLIENT, operation: 'request', targetMac: '00:00:00:00:00:00', targetAddress: '198.18.250.10' },
      {
        operation: 'reply',
        senderMac: '02:42:c6:12:fa:0a',
        senderAddress: '198.18.250.10',
        targetMac: '02:42:c6:12:fa:64',
        targetAddress: '198.18.250.100',
      },
      { ...CLIENT, operation: 'request', targetMac: 'ff:ff:ff:ff:ff:ff', targetAddress: '198.18.250.100' },
      { ...CLIENT, operation: 'reply', targetMac: 'ff:ff:ff:ff:ff:ff', targetAddress: '198.18.250.100' },
    ]);
    expect(packets.map((packet) => packet && isGratuitous(packet))).toEqual([false, false, true, true]);
  });

  test('is the same however it is cut into pieces', () => {
    const read = pcapReader();
    const pieces = Array.from({ length: Math.ceil(RECORDED.length / 7) }, (_, index) =>
      RECORDED.subarray(index * 7, index * 7 + 7),
    );
    expect(pieces.flatMap((piece) => read(piece)).map(({ wall }) => wall)).toEqual(
      pcapReader()(RECORDED).map(({ wall }) => wall),
    );
  });

  test('without nanosecond stamps is refused', () => {
    expect(() => pcapReader()(Buffer.alloc(24, 1))).toThrow('not a capture with nanosecond stamps');
  });
});

describe('a who-has of ours', () => {
  test('is an address probe from a MAC of its own, to all', () => {
    const frame = whoHas('198.18.250.200', '02:fa:00:00:00:01');
    expect(frame.subarray(0, 6)).toEqual(Buffer.alloc(6, 0xff));
    expect(parseArp(frame)).toEqual({
      operation: 'request',
      senderMac: '02:fa:00:00:00:01',
      senderAddress: '0.0.0.0',
      targetMac: '00:00:00:00:00:00',
      targetAddress: '198.18.250.200',
    });
  });

  test('is no gratuitous ARP', () => {
    const packet = parseArp(whoHas('198.18.250.200', '02:fa:00:00:00:01'));
    expect(packet && isGratuitous(packet)).toBe(false);
  });
});

test('what is no ARP is left alone', () => {
  expect(parseArp(Buffer.alloc(60))).toBeUndefined();
  expect(parseArp(Buffer.alloc(10))).toBeUndefined();
});

describe('wall time', () => {
  /** A wall clock with milliseconds only, `ahead` nanoseconds ahead of the monotonic one. */
  const clocks = (ahead: number) => {
    const state = { now: 0, ahead };
    return {
      state,
      clock: wallClock(
        () => Math.floor((state.now + state.ahead) / 1e6),
        () => state.now,
      ),
    };
  };

  test('becomes monotonic time, as exact as the readings are frequent', () => {
    const { state, clock } = clocks(5_000_123_456);
    for (; state.now < 1e9; state.now += 1_070_000) clock.read();
    expect(Math.abs(clock.monotonic(6_000_123_456) - 1e9)).toBeLessThan(20_000);
  });

  test('that is set back is followed within two seconds', () => {
    const { state, clock } = clocks(5e9);
    for (; state.now < 1e9; state.now += 1_070_000) clock.read();
    state.ahead = 4e9;
    for (; state.now < 3.5e9; state.now += 1_070_000) clock.read();
    expect(Math.abs(clock.monotonic(7.5e9) - 3.5e9)).toBeLessThan(20_000);
  });
});
