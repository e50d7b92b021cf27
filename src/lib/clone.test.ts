// Cloning of plain state: what is shared stays shared inside the copy, frozen data stay outside it, functions are refused.
import { describe, expect, it } from 'vitest';
import { cloneState, deepFreeze } from './clone';

class Row {
  static readonly transient = ['run'] as const;
  run: object | null = { a: 1 };
  peers: Row[] = [];
}

describe('cloneState', () => {
  it('keeps references that are shared, cycles included', () => {
    const a = new Row();
    const b = new Row();
    a.peers.push(b, b);
    b.peers.push(a);
    const c = cloneState(a);
    expect(c).toBeInstanceOf(Row);
    expect(c).not.toBe(a);
    expect(c.peers[0]).toBe(c.peers[1]);
    expect(c.peers[0]!.peers[0]).toBe(c);
  });
  it('leaves transient keys behind', () => expect(cloneState(new Row()).run).toBeNull());
  it('shares frozen data and copies the rest', () => {
    const image = deepFreeze({ files: ['x'] });
    const state = { image, map: new Map([[1, [2]]]), bytes: new Uint8Array([1, 2]) };
    const c = cloneState(state);
    expect(c.image).toBe(image);
    c.map.get(1)!.push(3);
    c.bytes[0] = 9;
    expect([state.map.get(1), [...state.bytes]]).toEqual([[2], [1, 2]]);
  });
  it('refuses a closure in mutable state', () => expect(() => cloneState({ f: () => 1 })).toThrow('state holds a function'));
});
