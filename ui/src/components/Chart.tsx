import "uplot/dist/uPlot.min.css";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import { currentLanguage } from "@/i18n";
import { classes } from "@/lib/classes";
import { color } from "@/lib/color";
import { useTheme } from "@/theme/theme";

export interface Line {
  label: string;
  color: string;
  values: (number | null)[];
  fill?: boolean;
}

/** Lines over days. What they say is also in the table that the page offers beside them. */
export function Chart({
  days,
  lines,
  label,
  height = 220,
  format,
  open,
}: {
  days: number[];
  lines: Line[];
  label: string;
  height?: number;
  format?: (value: number) => string;
  open?: (place: number) => void; // a day was clicked
}) {
  const box = useRef<HTMLDivElement>(null);
  const opened = useRef(open);
  opened.current = open;
  const theme = useTheme();
  const language = currentLanguage();
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    void theme; // the colours are read anew for each theme
    const axis = {
      stroke: color("--muted"),
      grid: { stroke: color("--line"), width: 1 },
      ticks: { show: false },
      font: '12px "Inter Variable", sans-serif',
    };
    const date = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", timeZone: "UTC" });
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { y: false, points: { size: 7 } },
        scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
        axes: [
          {
            ...axis,
            grid: { show: false },
            space: 60,
            values: (_, ticks) => ticks.map((tick) => date.format(new Date(tick * 1000))),
          },
          {
            ...axis,
            size: 56,
            values: (_, ticks) =>
              ticks.map((tick) => (format ? format(tick) : new Intl.NumberFormat(language).format(tick))),
          },
        ],
        series: [
          {},
          ...lines.map((line) => ({
            label: line.label,
            stroke: color(line.color),
            width: 2,
            points: { show: false },
            ...(line.fill ? { fill: color(`${line.color}-soft`) } : {}),
          })),
        ],
      },
      [days, ...lines.map((line) => line.values)] as uPlot.AlignedData,
      element,
    );
    const click = () => typeof plot.cursor.idx === "number" && opened.current?.(plot.cursor.idx);
    plot.over.addEventListener("click", click);
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [days, lines, height, theme, language, format]);
  return (
    <div
      ref={box}
      role="img"
      aria-label={label}
      className={classes("w-full overflow-hidden", !!open && "[&_.u-over]:cursor-pointer")}
      style={{ height }}
    />
  );
}
