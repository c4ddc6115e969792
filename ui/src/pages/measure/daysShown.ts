/** How many days the charts by day go back: all time would be too many to tell apart. */
export function daysShown(days: number | undefined): number {
  return Math.min(days ?? 30, 365);
}
