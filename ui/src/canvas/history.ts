/** Undo and redo as snapshots. Typing bursts and key-by-key moves are one entry: same `key`, soon after each other. */

export type History<T> = {
  past: readonly T[];
  present: T;
  future: readonly T[];
  key: string | null;
  at: number;
};

export const BURST = 1000; // milliseconds between two changes of one kind that still count as one
const MOST = 200;

export function begin<T>(present: T): History<T> {
  return { past: [], present, future: [], key: null, at: 0 };
}

/** The history after a change. `key` names what is changed, as in `param:update:fields`; null is always an entry. */
export function changed<T>(history: History<T>, next: T, key: string | null, now: number): History<T> {
  if (next === history.present) return history;
  const burst = key !== null && key === history.key && now - history.at < BURST;
  const past = burst ? history.past : [...history.past, history.present].slice(-MOST);
  return { past, present: next, future: [], key, at: now };
}

export function undone<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: before,
    future: [history.present, ...history.future],
    key: null,
    at: 0,
  };
}

export function redone<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, key: null, at: 0 };
}
